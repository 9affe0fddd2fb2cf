import { describe, expect, test } from "vitest";
import { DPOP_EXAMPLES, type DpopExample } from "../../../test/support/dpop-examples.ts";
import vectors from "../../../test/vectors/jose/dpop_draft_examples.json" with { type: "json" };
import { createDpopProofs } from "./dpop-proofs.ts";

const verify = ({ api, proof, call, nowMs }: DpopExample) => createDpopProofs(api).verify(proof, call, nowMs);

const failureOf = async (example: DpopExample): Promise<string> => {
  const verified = await verify(example);
  return verified.ok ? "accepted" : verified.reason;
};

/** The same text with another character, still of base64url, in one place. */
const exchange = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);

describe("the proofs of RFC 9449's text", () => {
  test("are all here", () => {
    expect(DPOP_EXAMPLES.map(({ proof }) => proof)).toEqual(vectors.proofs);
  });
});

describe.each(DPOP_EXAMPLES)("the proof $name of RFC 9449's text", (example) => {
  const { proof, call, nowMs, jti } = example;
  const parts = proof.split(".");

  test("is genuine for its call, by its key, in its minute", async () => {
    expect(await verify(example)).toEqual({ ok: true, value: { keyThumbprint: vectors.jkt, jti } });
    for (const laterMs of [-60_000, -1, 999, 60_999]) {
      expect(await failureOf({ ...example, nowMs: nowMs + laterMs })).toBe("accepted");
    }
  });

  test("is of another time beyond that", async () => {
    for (const laterMs of [-3_600_000, -61_000, 61_000, 3_600_000, 86_400_000 * 365]) {
      expect(await failureOf({ ...example, nowMs: nowMs + laterMs })).toBe("untimely");
    }
  });

  test("is of another call by its method, its host, its scheme or its path", async () => {
    const calls = [
      { ...example, call: { ...call, method: call.method === "GET" ? "POST" : "GET" } },
      { ...example, call: { ...call, method: call.method.toLowerCase() } },
      { ...example, call: { ...call, path: `${call.path}/` } },
      { ...example, call: { ...call, path: "/" } },
      { ...example, api: "https://evil.example" },
      { ...example, api: example.api.replace("https", "http") },
      { ...example, api: `${example.api}:443` },
      { ...example, api: example.api.toUpperCase() },
    ];
    expect(await Promise.all(calls.map(failureOf))).toEqual(calls.map(() => "of_another_call"));
  });

  test("is of another access token than any but its own", async () => {
    for (const accessToken of ["", "another", `${example.call.accessToken}.`]) {
      expect(await failureOf({ ...example, call: { ...call, accessToken } })).toBe("of_another_token");
    }
  });

  test("is none once a character of it is another, or it is longer, shorter or spelled otherwise", async () => {
    const [head = "", payload = "", signature = ""] = parts;
    const spoilt = [
      // Not the last character of a part: some of its bits may mean nothing.
      ...[head.length + 5, head.length + 40, head.length + payload.length + 10].map((at) => exchange(proof, at)),
      `${head}.${payload}.`,
      `${head}.${payload}.${signature.slice(0, -2)}`,
      `${proof}A`,
      `${proof}=`,
      `${proof} `,
      ` ${proof}`,
      `${proof}.${signature}`,
      `${proof}, ${proof}`,
      `${head} .${payload}.${signature}`,
      "",
    ];
    for (const other of spoilt) expect(await failureOf({ ...example, proof: other })).toBe("malformed");
  });

  test("has a signature of its own: none of the others' fits", async () => {
    const [head, payload] = parts;
    for (const other of vectors.proofs.filter((candidate) => candidate !== proof)) {
      const mixed = `${head}.${payload}.${other.split(".")[2]}`;
      expect(await failureOf({ ...example, proof: mixed })).toBe("malformed");
    }
  });
});

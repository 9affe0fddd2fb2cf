import { once } from "node:events";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { type ApiAnswer, type ApiTarget, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { makeProof } from "../support/proofs.ts";
import { pageOf, type RawRequest, send } from "../support/send.ts";
import { type Stack, startStack } from "../support/stack.ts";

const KIB = 1024;

let stack: Stack;
let target: ApiTarget;
let token: string;
beforeAll(async () => {
  stack = await startStack();
  target = await stack.createProject();
  token = (await signIn(target, await createWallet())).accessToken;
});
afterAll(() => stack.close());

const json = { "content-type": "application/json" };
const POSTS = ["/v1/challenges", "/v1/sessions", "/v1/sessions/refresh", "/v1/relays/prepare", "/v1/relays"];

/** A body from a page that may call everything. */
function post(
  path: string,
  body: RawRequest["body"],
  headers: Record<string, string> = json,
): Promise<ApiAnswer<unknown>> {
  const caller = path.startsWith("/v1/relays")
    ? { authorization: `Bearer ${token}`, "idempotency-key": crypto.randomUUID() }
    : {};
  return send(target, "POST", path, {
    headers: { ...pageOf(target), ...caller, ...headers },
    ...(body !== undefined && { body }),
  });
}

const bytesOf = (...bytes: readonly number[]): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

/** A valid request for a challenge that is as long as is wanted. */
const padded = (bytes: number): string => {
  const text = JSON.stringify({ network: target.network });
  return text + " ".repeat(bytes - text.length);
};

const streamed = (text: string): ReadableStream<Uint8Array> => new Blob([text]).stream();

describe("an address", () => {
  test.each([
    "/",
    "/v1",
    "/v1/",
    "/v1/nowhere",
    "/v2/config",
    "/v1/config/",
    "/v1/sessions/a/b",
    "/v1/relays/explain/why",
  ])("%s where nothing is says so, to any method", async (path) => {
    for (const method of ["GET", "POST", "DELETE", "PUT", "PATCH"]) {
      expectProblem(await send(stack, method, path), 404, "request.not_found");
    }
  });

  test.each([
    ["POST", "/v1/config", "GET"],
    ["PUT", "/v1/challenges", "POST"],
    ["GET", "/v1/challenges", "POST"],
    ["PATCH", "/v1/sessions", "GET, POST, DELETE"],
    ["POST", "/v1/sessions/current", "GET, DELETE"],
    ["DELETE", "/v1/relays", "GET, POST"],
    ["DELETE", "/v1/relays/explain", "GET, POST"],
    ["POST", "/v1/allowance", "GET"],
    ["POST", "/live", "GET"],
    ["DELETE", "/.well-known/jwks.json", "GET"],
  ])("answers %s %s with what it takes: %s", async (method, path, allowed) => {
    const answer = await send(stack, method, path);
    expectProblem(answer, 405, "request.method_not_allowed");
    expect(answer.headers.get("allow")).toBe(allowed);
  });
});

describe("a body that is not JSON by its type", () => {
  test.each(POSTS)("is refused at %s", async (path) => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "text/json", ""]) {
      expectProblem(await post(path, "{}", { "content-type": type }), 415, "request.unsupported_media_type");
    }
    expectProblem(await post(path, undefined, {}), 415, "request.unsupported_media_type");
  });

  test("may name its character set and be written in any case", async () => {
    for (const type of ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"]) {
      expect((await post("/v1/challenges", padded(40), { "content-type": type })).status).toBe(201);
    }
  });
});

describe("a body that is not JSON by its bytes", () => {
  test.each([
    ["empty", ""],
    ["cut off", '{"network":'],
    ["two values", "{}{}"],
    ["single-quoted", "{'network':1}"],
    ["with a trailing comma", '{"network":"solana:localnet",}'],
    ["with a comment", "{} // no"],
    ["a bare word", "undefined"],
    ["NaN", '{"network":NaN}'],
    ["with a byte order mark", '\uFEFF{"network":"solana:localnet"}'],
  ])("because it is %s is malformed", async (_name, body) => {
    for (const path of POSTS) expectProblem(await post(path, body), 400, "request.malformed");
  });

  test("because it is no UTF-8 is malformed", async () => {
    const quoted = (...bytes: number[]) => bytesOf(0x22, ...bytes, 0x22);
    for (const body of [quoted(0xff), quoted(0xc0, 0xaf), quoted(0xed, 0xa0, 0x80), quoted(0xe2, 0x82)]) {
      expectProblem(await post("/v1/challenges", body), 400, "request.malformed");
    }
    const utf16 = new Uint8Array(Buffer.from(padded(40), "utf16le"));
    expectProblem(await post("/v1/challenges", utf16), 400, "request.malformed");
  });
});

describe("a body that is too large", () => {
  test.each([
    ["/v1/challenges", 8],
    ["/v1/sessions", 8],
    ["/v1/sessions/refresh", 8],
    ["/v1/relays/prepare", 64],
    ["/v1/relays", 64],
  ])("for %s, which takes %i KiB, is refused to the byte", async (path, kib) => {
    const over = expectProblem(await post(path, padded(kib * KIB + 1)), 413, "request.too_large");
    expect(over.context).toEqual({ limitBytes: kib * KIB });
    expect((await post(path, padded(kib * KIB))).status).not.toBe(413);
  });

  test("is refused without a length too, and however large it is", async () => {
    expect((await post("/v1/challenges", streamed(padded(8 * KIB)))).status).toBe(201);
    expectProblem(await post("/v1/challenges", streamed(padded(8 * KIB + 1))), 413, "request.too_large");
    for (const path of POSTS) {
      expectProblem(await post(path, padded(5_000_000)), 413, "request.too_large");
      expectProblem(await post(path, streamed(padded(5_000_000))), 413, "request.too_large");
    }
    expect((await send(stack, "GET", "/live")).status).toBe(200);
  });
});

describe("a body that does not fit its schema", () => {
  const challenge = (fields: Readonly<Record<string, unknown>>) =>
    post("/v1/challenges", JSON.stringify({ network: target.network, ...fields }));

  test.each(["null", "true", "0", '"text"', "[]", '[{"network":"solana:localnet"}]'])(
    "because it is %s is refused as a whole",
    async (body) => {
      for (const path of POSTS) expectInvalid(await post(path, body), [""]);
    },
  );

  test("names each unknown field by its pointer, also those that JavaScript treats in its own way", async () => {
    expectInvalid(await challenge({ extra: 1, "a/b~c": 2 }), ["/a~1b~0c", "/extra"]);
    expectInvalid(await challenge({ constructor: {}, toString: 1 }), ["/constructor", "/toString"]);
    const polluting = `{"network":"${target.network}","__proto__":{"method":"message"}}`;
    expectInvalid(await post("/v1/challenges", polluting), ["/__proto__"]);
  });

  test("names each field that is missing or of a wrong type", async () => {
    expectInvalid(await post("/v1/sessions", "{}"), ["/challengeId", "/network", "/address", "/method", "/signature"]);
    expectInvalid(await post("/v1/challenges", "{}"), ["/network"]);
    expectInvalid(await post("/v1/sessions/refresh", '{"refreshToken":["x"]}'), ["/refreshToken"]);
    expectInvalid(await post("/v1/relays", "{}"), ["/network"]);
    expectInvalid(await post("/v1/relays", JSON.stringify({ network: target.network })), ["/transaction"]);
    for (const wrong of [null, 1, true, {}, [], [target.network], ""]) {
      expectInvalid(await challenge({ network: wrong }), ["/network"]);
      expectInvalid(await challenge({ address: wrong }), ["/address"]);
      expectInvalid(await challenge({ method: wrong }), ["/method"]);
    }
  });

  test("names the field that a network takes, where a group was sent to one without groups", async () => {
    const { network } = target;
    const group = { network, transactions: ["AA=="] };
    expectInvalid(await post("/v1/relays", JSON.stringify(group)), ["/transaction"]);
    expectInvalid(await post("/v1/relays/explain", JSON.stringify(group)), ["/transaction"]);
    expectInvalid(await post("/v1/relays", JSON.stringify({ ...group, transaction: "AA==" })), ["/transaction"]);
    expectInvalid(await post("/v1/relays/prepare", JSON.stringify(group)), ["/transactions"]);
    const sizes = [0, 17].map((length) => ({ network, transactions: Array.from({ length }, () => "AA==") }));
    for (const body of sizes) expectInvalid(await post("/v1/relays", JSON.stringify(body)), ["/transactions"]);
  });

  test("names an address that is none", async () => {
    for (const address of [
      "0".repeat(44),
      "x",
      "I".repeat(32),
      `${"1".repeat(32)} `,
      "é".repeat(32),
      "1".repeat(129),
    ]) {
      expectInvalid(await challenge({ address }), ["/address"]);
    }
  });

  test("names base64 that is not canonical, so that nothing has two spellings", async () => {
    const proof = await makeProof(target, await createWallet());
    const open = (fields: Readonly<Record<string, unknown>>) =>
      post("/v1/sessions", JSON.stringify({ ...proof, ...fields }));
    const bare = proof.signature.replace(/=+$/, "");
    const loose = `${proof.signature.slice(0, -3)}${proof.signature.at(-3) === "h" ? "i" : "h"}==`;
    for (const signature of [
      bare,
      loose,
      bare.replaceAll("A", "-"),
      ` ${proof.signature}`,
      `${proof.signature}\n`,
      "é",
    ]) {
      if (signature !== proof.signature) expectInvalid(await open({ signature }), ["/signature"]);
    }
    expectInvalid(await open({ signedMessage: "A".repeat(5_468) }), ["/signedMessage"]);
  });

  test("may be nested as deep as it can be: it is refused and hurts nobody", async () => {
    for (const [path, bytes] of [
      ["/v1/challenges", 8 * KIB],
      ["/v1/relays", 64 * KIB],
    ] as const) {
      const depth = Math.floor((bytes - 40) / 2);
      expectInvalid(await post(path, "[".repeat(depth) + "]".repeat(depth)), [""]);
      const nested = `{"network":"${target.network}","x":${"[".repeat(depth - 20)}${"]".repeat(depth - 20)}}`;
      const { errors } = expectProblem(await post(path, nested), 422, "request.invalid");
      expect(errors?.map(({ pointer }) => pointer)).toContain("/x");
    }
  });

  test("with a thousand wrong fields names twenty", async () => {
    const fields = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, index]));
    expect(expectProblem(await challenge(fields), 422, "request.invalid").errors).toHaveLength(20);
  });

  test("says a field twice: the last one counts, here as in every store behind it", async () => {
    const twice = (first: string, second: string) =>
      post("/v1/challenges", `{"network":"${first}","network":"${second}"}`);
    expect((await twice("nowhere", target.network)).status).toBe(201);
    expectInvalid(await twice(target.network, "nowhere"), ["/network"]);
  });
});

describe("a body that does not arrive as JSON bytes", () => {
  test("because it is compressed is 415, and says so", async () => {
    const packed = new Uint8Array(gzipSync(JSON.stringify({ network: target.network })));
    const answer = await post("/v1/challenges", packed, { ...json, "content-encoding": "gzip" });
    expect(expectProblem(answer, 415, "request.unsupported_media_type").detail).toContain("Content-Encoding");
  });

  test("because its sender went away is no fault of ours", async () => {
    const { hostname, port } = new URL(stack.api);
    const before = stack.log.length;
    const socket = connect(Number(port), hostname);
    const head = ["POST /v1/challenges HTTP/1.1", `Host: ${hostname}`, "Content-Type: application/json"];
    socket.write(`${[...head, "Content-Length: 50"].join("\r\n")}\r\n\r\n{"ne`, () => socket.destroy());
    await once(socket, "close");
    expect((await post("/v1/challenges", padded(100))).status).toBe(201);
    expect(stack.log.slice(before).filter((line) => line.includes("internal.unexpected"))).toEqual([]);
  });
});

import { decodeProtectedHeader, exportJWK, generateKeyPair, type JWK } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import type { TokenKeyState } from "../../domain/token-keys.ts";
import type { AccessClaims } from "../../domain/session.ts";
import { createAccessTokens } from "./access-tokens.ts";

const ISSUER = "https://api.example";
const NOW_MS = 1_800_000_000_000;
const claims: AccessClaims = {
  projectId: "prj_1",
  userId: "usr_1",
  sessionId: "ses_1",
  wallet: "solana:W",
  origin: "https://dapp.example",
  amr: ["message"],
  keyThumbprint: undefined,
};

let [first = {}, second = {}]: JWK[] = [];
beforeAll(async () => {
  const pairs = await Promise.all([1, 2].map(() => generateKeyPair("ES256", { extractable: true })));
  [first = {}, second = {}] = await Promise.all(pairs.map(({ privateKey }) => exportJWK(privateKey)));
});

const create = (...keys: readonly (readonly [JWK, TokenKeyState])[]) =>
  createAccessTokens(
    ISSUER,
    keys.map(([key, state]) => ({ ...key, state })),
    () => "id",
  );
const createOne = () => create([first, "active"]);
const kidOf = (token: string) => decodeProtectedHeader(token).kid;

describe("an access token", () => {
  test("reads back as what it was made of, for five minutes and a few seconds of clock skew", async () => {
    const tokens = await createOne();
    const token = await tokens.issue(claims, NOW_MS);
    for (const laterMs of [0, 299_000, 304_000]) {
      expect(await tokens.verify(token, NOW_MS + laterMs)).toEqual({ ok: true, value: claims });
    }
    expect(await tokens.verify(token, NOW_MS + 306_000)).toEqual({ ok: false, reason: "expired" });
  });

  test("outlives a roll of keys: old and new isolates take each other's tokens at every step", async () => {
    const steps = [
      await createOne(),
      await create([first, "active"], [second, "next"]),
      await create([first, "retiring"], [second, "active"]),
      await create([second, "active"]),
    ];
    const issued = await Promise.all(steps.map((step) => step.issue(claims, NOW_MS)));
    const kids = steps[1]?.publicKeys().map(({ kid }) => kid);
    expect(issued.map(kidOf)).toEqual([kids?.[0], kids?.[0], kids?.[1], kids?.[1]]);
    const taken = await Promise.all(
      steps.map((step) => Promise.all(issued.map(async (token) => (await step.verify(token, NOW_MS)).ok))),
    );
    expect(taken).toEqual([
      [true, true, false, false],
      [true, true, true, true],
      [true, true, true, true],
      [false, false, true, true],
    ]);
  });

  test("of another deployment with the same keys is not ours", async () => {
    const foreign = await createAccessTokens("https://other.example", [{ ...first, state: "active" }], () => "id");
    const token = await foreign.issue(claims, NOW_MS);
    expect(await (await createOne()).verify(token, NOW_MS)).toEqual({ ok: false, reason: "invalid" });
  });

  test("that is expired and tampered with is invalid: expiry is only said of what is ours", async () => {
    const tokens = await createOne();
    const [head = "", payload = "", signature = ""] = (await tokens.issue(claims, NOW_MS)).split(".");
    const tampered = `${head}.${payload}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
    expect(await tokens.verify(tampered, NOW_MS + 3_600_000)).toEqual({ ok: false, reason: "invalid" });
  });

  test("that is longer than any of ours is not even read", async () => {
    expect(await (await createOne()).verify("a".repeat(4_097), NOW_MS)).toEqual({ ok: false, reason: "invalid" });
  });
});

describe("the published keys", () => {
  test("hold nothing secret", async () => {
    const published = (await create([first, "active"], [second, "next"])).publicKeys();
    for (const key of published) {
      expect(Object.keys(key).toSorted()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
    }
  });

  test("are not there without a key that signs", async () => {
    await expect(create([first, "next"], [second, "retiring"])).rejects.toThrow("no token key is active");
  });

  test("are never two halves of different pairs, whose tokens nobody could verify", async () => {
    const mixed = create([{ ...first, d: second.d ?? "" }, "active"]);
    await expect(mixed).rejects.toThrow(/^TOKEN_KEYS: [\w-]{43} is no key pair$/);
  });
});

import { decodeProtectedHeader, exportJWK, generateKeyPair, type JWK } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import type { AccessClaims } from "../../ports.ts";
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
};

let [first, second]: JWK[] = [];
beforeAll(async () => {
  const pairs = await Promise.all([1, 2].map(() => generateKeyPair("ES256", { extractable: true })));
  [first, second] = await Promise.all(pairs.map(({ privateKey }) => exportJWK(privateKey)));
});

const create = (...keys: readonly (JWK | undefined)[]) =>
  createAccessTokens(
    ISSUER,
    keys.filter((key) => key !== undefined),
    () => "id",
  );

describe("an access token", () => {
  test("reads back as what it was made of, for five minutes and a few seconds of clock skew", async () => {
    const tokens = await create(first);
    const token = await tokens.issue(claims, NOW_MS);
    for (const laterMs of [0, 299_000, 304_000]) {
      expect(await tokens.verify(token, NOW_MS + laterMs)).toEqual({ ok: true, value: claims });
    }
    expect(await tokens.verify(token, NOW_MS + 306_000)).toEqual({ ok: false, reason: "expired" });
  });

  test("outlives the change of keys: the first signs, every one of them verifies", async () => {
    const [before, during, after] = [await create(first), await create(second, first), await create(second)];
    const old = await before.issue(claims, NOW_MS);
    expect((await during.verify(old, NOW_MS)).ok).toBe(true);
    expect((await after.verify(old, NOW_MS)).ok).toBe(false);
    const kids = during.publicKeys().map(({ kid }) => kid);
    expect(kids).toHaveLength(2);
    expect(decodeProtectedHeader(await during.issue(claims, NOW_MS)).kid).toBe(kids[0]);
    expect(decodeProtectedHeader(old).kid).toBe(kids[1]);
  });

  test("of another deployment with the same keys is not ours", async () => {
    const foreign = await createAccessTokens("https://other.example", first ? [first] : [], () => "id");
    const token = await foreign.issue(claims, NOW_MS);
    expect(await (await create(first)).verify(token, NOW_MS)).toEqual({ ok: false, reason: "invalid" });
  });

  test("that is expired and tampered with is invalid: expiry is only said of what is ours", async () => {
    const tokens = await create(first);
    const [head = "", payload = "", signature = ""] = (await tokens.issue(claims, NOW_MS)).split(".");
    const tampered = `${head}.${payload}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
    expect(await tokens.verify(tampered, NOW_MS + 3_600_000)).toEqual({ ok: false, reason: "invalid" });
  });

  test("that is longer than any of ours is not even read", async () => {
    expect(await (await create(first)).verify("a".repeat(4_097), NOW_MS)).toEqual({ ok: false, reason: "invalid" });
  });
});

describe("the published keys", () => {
  test("hold nothing secret", async () => {
    const published = (await create(first, second)).publicKeys();
    for (const key of published) {
      expect(Object.keys(key).toSorted()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
    }
  });

  test("are not there without a key to sign with", async () => {
    await expect(create()).rejects.toThrow("no token key");
  });
});

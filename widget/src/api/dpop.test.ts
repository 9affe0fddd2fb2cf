import { describe, expect, test } from "vitest";
import { createDpopProofs } from "../../../bff/src/adapters/tokens/dpop-proofs.ts";
import { createProof, createProofKey } from "./dpop.ts";

const API = "https://gasless.example";
const nowMs = 1_800_000_000_999;
const call = { method: "POST", url: `${API}/v1/relays?wait=20#top`, nowMs };
const part = (proof: string, index: number) =>
  JSON.parse(Buffer.from(proof.split(".")[index] ?? "", "base64url").toString()) as Record<string, unknown>;

describe("a proof", () => {
  test("says key, method, address without query, and the server's second, and is signed by that key", async () => {
    const key = await createProofKey();
    const proof = await createProof(key, call);
    expect(proof).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    const { x, y } = await crypto.subtle.exportKey("jwk", key.publicKey);
    expect(part(proof, 0)).toEqual({ typ: "dpop+jwt", alg: "ES256", jwk: { kty: "EC", crv: "P-256", x, y } });
    expect(part(proof, 1)).toEqual({
      jti: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      htm: "POST",
      htu: `${API}/v1/relays`,
      iat: 1_800_000_000,
    });
    const [header, claims, signature = ""] = proof.split(".");
    const { jwk } = part(proof, 0) as { jwk: JsonWebKey };
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const publicKey = await crypto.subtle.importKey("jwk", jwk, curve, false, ["verify"]);
    const isRight = crypto.subtle.verify(
      { name: "ECDSA", hash: "SHA-256" },
      publicKey,
      Buffer.from(signature, "base64url"),
      new TextEncoder().encode(`${header}.${claims}`),
    );
    expect(await isRight).toBe(true);
  });

  test("is taken by the server for its call and token, and for no other", async () => {
    const { verify } = createDpopProofs(API);
    const proof = await createProof(await createProofKey(), { ...call, token: "a.b.c" });
    const asked = { method: "POST", path: "/v1/relays", accessToken: "a.b.c" };
    expect(await verify(proof, asked, nowMs)).toMatchObject({ ok: true });
    expect(await verify(proof, { ...asked, accessToken: "a.b.d" }, nowMs)).toMatchObject({ ok: false });
    expect(await verify(proof, { ...asked, method: "GET" }, nowMs)).toMatchObject({ ok: false });
  });

  test("is new for each call: the server takes none twice", async () => {
    const key = await createProofKey();
    const ids = await Promise.all([1, 2, 3].map(async () => part(await createProof(key, call), 1)["jti"]));
    expect(new Set(ids).size).toBe(3);
  });
});

test("the private half of a key cannot be read, by nobody", async () => {
  const { privateKey } = await createProofKey();
  expect(privateKey.extractable).toBe(false);
  for (const format of ["jwk", "pkcs8"] as const)
    await expect(crypto.subtle.exportKey(format, privateKey)).rejects.toThrow();
});

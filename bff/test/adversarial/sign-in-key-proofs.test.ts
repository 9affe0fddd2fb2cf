import { callApi, requestChallenge } from "@gasless/localnet/api-client";
import { createProofKey } from "@gasless/localnet/proof-key";
import { createWallet } from "@gasless/localnet/wallet";
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signJws } from "../support/jws-spellings.ts";
import { expectProblem } from "../support/problems.ts";
import { postSession, proveChallenge } from "../support/proofs.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

describe("a proof of a key is refused, and binds nothing,", () => {
  /** A proof of the thief's making for `POST /v1/challenges`. */
  async function prove(alg: string, changes: Readonly<Record<string, unknown>>, signer?: CryptoKey): Promise<string> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const iat = Math.floor(Date.now() / 1000);
    return new SignJWT({ jti: crypto.randomUUID(), htm: "POST", htu: `${stack.api}/v1/challenges`, iat })
      .setProtectedHeader({ typ: "dpop+jwt", alg, jwk: await exportJWK(publicKey), ...changes })
      .sign(signer ?? privateKey);
  }

  const refuseProof = async (dpop: string): Promise<void> => {
    const target = await stack.createProject();
    const body = { network: target.network };
    expectProblem(
      await callApi(target, "POST", "/v1/challenges", { body, headers: { dpop } }),
      401,
      "auth.proof_invalid",
    );
  };

  test("in its form as everybody makes it, it is taken", async () => {
    const target = await stack.createProject();
    const dpop = await prove("ES256", {});
    const body = { network: target.network };
    expect((await callApi(target, "POST", "/v1/challenges", { body, headers: { dpop } })).status).toBe(201);
  });

  test.each(["RS256", "PS256", "ES384", "ES512", "EdDSA"])("when its key is one for %s", async (alg) => {
    await refuseProof(await prove(alg, {}));
  });

  test("when it brings its secret key along", async () => {
    const { privateKey } = await generateKeyPair("ES256", { extractable: true });
    await refuseProof(await prove("ES256", { jwk: await exportJWK(privateKey) }, privateKey));
  });

  test("when its key is a secret that both know", async () => {
    const secret = new TextEncoder().encode("a secret that everybody can read");
    const jwk = { kty: "oct", k: Buffer.from(secret).toString("base64url") };
    const iat = Math.floor(Date.now() / 1000);
    const proof = await new SignJWT({ jti: "j", htm: "POST", htu: `${stack.api}/v1/challenges`, iat })
      .setProtectedHeader({ typ: "dpop+jwt", alg: "HS256", jwk })
      .sign(secret);
    await refuseProof(proof);
  });

  test("when its header asks for what nobody here understands", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const header = { typ: "dpop+jwt", alg: "ES256", jwk: await exportJWK(publicKey), crit: ["gasless"], gasless: 1 };
    const iat = Math.floor(Date.now() / 1000);
    const claims = { jti: crypto.randomUUID(), htm: "POST", htu: `${stack.api}/v1/challenges`, iat };
    await refuseProof(await signJws(header, claims, privateKey));
  });

  test("when its key is no point of the curve, or half of one", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(publicKey);
    const zeros = Buffer.alloc(32).toString("base64url");
    for (const wrong of [
      { ...jwk, y: zeros },
      { ...jwk, x: zeros, y: zeros },
      { ...jwk, y: undefined },
      { kty: "EC" },
      {},
      "x",
    ]) {
      await refuseProof(await prove("ES256", { jwk: wrong }, privateKey));
    }
  });

  test("twice in one call, in two headers of the same name", async () => {
    const key = await createProofKey();
    const target = await stack.createProject();
    const url = `${target.api}/v1/challenges`;
    const [one, other] = [await key.prove({ method: "POST", url }), await key.prove({ method: "POST", url })];
    const headers = new Headers({
      origin: target.origin,
      "gasless-key": target.publishableKey,
      "content-type": "application/json",
    });
    headers.append("dpop", one);
    headers.append("dpop", other);
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ network: target.network }) });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: "auth.proof_invalid" });
  });

  test("when it was made for a challenge and is sent to open the session", async () => {
    const key = await createProofKey();
    const target = await stack.createProject();
    const url = `${target.api}/v1/challenges`;
    const proof = await proveChallenge(target, await requestChallenge(target, {}, key), await createWallet());
    const dpop = await key.prove({ method: "POST", url });
    const headers = { dpop };
    expectProblem(await callApi(target, "POST", "/v1/sessions", { body: proof, headers }), 401, "auth.proof_invalid");
    expect((await postSession(target, proof, key)).status).toBe(201);
  });
});

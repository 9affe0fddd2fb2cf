import { createHash, randomUUID } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** What a proof says; every part may be said otherwise, which is how tests make wrong ones. */
export interface ProofParts {
  readonly method: string;
  /** Without query and fragment. */
  readonly url: string;
  readonly accessToken?: string | undefined;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A key whose possession a client proves with each call. Source: RFC 9449. */
export interface ProofKey {
  readonly thumbprint: string;
  readonly publicJwk: JWK;
  prove(parts: ProofParts): Promise<string>;
}

export async function createProofKey(): Promise<ProofKey> {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const { kty, crv, x, y } = await exportJWK(publicKey);
  const publicJwk = { kty, crv, x, y } as JWK;
  return {
    publicJwk,
    thumbprint: await calculateJwkThumbprint(publicJwk),
    prove({ method, url, accessToken, header, claims }) {
      const ath = accessToken !== undefined && { ath: createHash("sha256").update(accessToken).digest("base64url") };
      const iat = Math.floor(Date.now() / 1000);
      return new SignJWT({ jti: randomUUID(), htm: method, htu: url, iat, ...ath, ...claims })
        .setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk: publicJwk, ...header })
        .sign(privateKey);
    },
  };
}

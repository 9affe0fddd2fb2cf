import type { WebCryptoKey } from "../crypto-key.ts";
import { calculateJwkThumbprint, decodeJwt, errors, importJWK, type JWK, jwtVerify, SignJWT } from "jose";
import { failure, success } from "../../domain/result.ts";
import type { AccessClaims, TokenPort } from "../../ports.ts";

const TYPE = "at+jwt";
const LIFE_SECONDS = 300;
const CLOCK_TOLERANCE_SECONDS = 5;
const MAX_TOKEN_CHARS = 4_096;

interface TokenKey {
  readonly kid: string;
  readonly privateKey: WebCryptoKey;
  readonly publicKey: WebCryptoKey;
  readonly publicJwk: JWK;
}

async function importKey(jwk: JWK): Promise<TokenKey> {
  const { kty = "EC", crv = "P-256", x = "", y = "" } = jwk;
  const publicPart: JWK = { kty, crv, x, y };
  const kid = await calculateJwkThumbprint(publicPart);
  // Bytes come back for symmetric keys alone, which the configuration does not take.
  const privateKey = (await importJWK(jwk, "ES256")) as WebCryptoKey;
  const publicKey = (await importJWK(publicPart, "ES256")) as WebCryptoKey;
  return { kid, privateKey, publicKey, publicJwk: { ...publicPart, kid, alg: "ES256", use: "sig" } };
}

function readClaims(payload: Readonly<Record<string, unknown>>): AccessClaims | undefined {
  const { aud, sub, uid, sid, origin, amr } = payload;
  const isWhole = [aud, sub, uid, sid, origin].every((claim) => typeof claim === "string") && Array.isArray(amr);
  if (!isWhole) return undefined;
  return {
    projectId: aud as string,
    userId: uid as string,
    sessionId: sid as string,
    wallet: sub as string,
    origin: origin as string,
    amr: amr as string[],
  };
}

/** ES256 access tokens, five minutes. The first key signs, every key is published and verifies. Source: RFC 9068. */
export async function createAccessTokens(
  issuer: string,
  jwks: readonly JWK[],
  randomId: () => string,
): Promise<TokenPort> {
  const keys = await Promise.all(jwks.map(importKey));
  const [active] = keys;
  if (!active) throw new Error("there is no token key");
  const keyOf = ({ kid }: { kid?: string }): WebCryptoKey => {
    const key = keys.find((candidate) => candidate.kid === kid);
    if (!key) throw new errors.JWKSNoMatchingKey();
    return key.publicKey;
  };
  return {
    issue: (claims, nowMs) => {
      const issuedAt = Math.floor(nowMs / 1000);
      const { projectId, userId, sessionId, wallet, origin, amr } = claims;
      return new SignJWT({ uid: userId, sid: sessionId, amr: [...amr], origin })
        .setProtectedHeader({ alg: "ES256", typ: TYPE, kid: active.kid })
        .setIssuer(issuer)
        .setAudience(projectId)
        .setSubject(wallet)
        .setJti(randomId())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + LIFE_SECONDS)
        .sign(active.privateKey);
    },
    async verify(token, nowMs) {
      if (token.length > MAX_TOKEN_CHARS) return failure("invalid");
      try {
        // Projects have no keys of their own: the audience only has to be one, and the caller looks the project up.
        const audience = decodeJwt(token).aud;
        if (typeof audience !== "string") return failure("invalid");
        const { payload } = await jwtVerify(token, keyOf, {
          algorithms: ["ES256"],
          issuer,
          audience,
          typ: TYPE,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: new Date(nowMs),
          requiredClaims: ["exp", "iat", "jti"],
        });
        const claims = readClaims(payload);
        return claims ? success(claims) : failure("invalid");
      } catch (error) {
        return failure(error instanceof errors.JWTExpired ? "expired" : "invalid");
      }
    },
    publicKeys: () => keys.map(({ publicJwk }) => ({ ...publicJwk })),
  };
}

import type { WebCryptoKey } from "../crypto-key.ts";
import { calculateJwkThumbprint, decodeJwt, errors, importJWK, type JWK, jwtVerify, SignJWT } from "jose";
import { failure, success } from "../../domain/result.ts";
import { ACCESS_TOKEN_LIFE_SECONDS, type TokenKeyState } from "../../domain/token-keys.ts";
import type { TokenPort } from "../../ports.ts";
import type { AccessClaims } from "../../domain/session.ts";
import type { ManageClaims } from "../../domain/manage.ts";

const TYPE = "at+jwt";
const MANAGE_TYPE = "manage+jwt";
const CLOCK_TOLERANCE_SECONDS = 5;
const MAX_TOKEN_CHARS = 4_096;

/** A private P-256 key and what it does. */
export interface StatedKey extends JWK {
  readonly state: TokenKeyState;
}

interface TokenKey {
  readonly kid: string;
  readonly state: TokenKeyState;
  readonly privateKey: WebCryptoKey;
  readonly publicKey: WebCryptoKey;
  readonly publicJwk: JWK;
}

async function importKey({ state, kty = "EC", crv = "P-256", x = "", y = "", d = "" }: StatedKey): Promise<TokenKey> {
  const publicPart: JWK = { kty, crv, x, y };
  const kid = await calculateJwkThumbprint(publicPart);
  // Bytes come back for symmetric keys alone, which the configuration does not take.
  const privateKey = (await importJWK({ ...publicPart, d }, "ES256").catch((cause: unknown) => {
    throw new Error(`TOKEN_KEYS: ${kid} is no key pair`, { cause });
  })) as WebCryptoKey;
  const publicKey = (await importJWK(publicPart, "ES256")) as WebCryptoKey;
  return { kid, state, privateKey, publicKey, publicJwk: { ...publicPart, alg: "ES256", use: "sig" } };
}

function readClaims(payload: Readonly<Record<string, unknown>>): AccessClaims | undefined {
  const { aud, sub, uid, sid, origin, amr, cnf } = payload;
  const isWhole = [aud, sub, uid, sid, origin].every((claim) => typeof claim === "string") && Array.isArray(amr);
  const keyThumbprint = thumbprintIn(cnf);
  // A binding that cannot be read is not the same as none.
  if (!isWhole || (cnf !== undefined && keyThumbprint === undefined)) return undefined;
  return {
    projectId: aud as string,
    userId: uid as string,
    sessionId: sid as string,
    wallet: sub as string,
    origin: origin as string,
    amr: amr as string[],
    keyThumbprint,
  };
}

function thumbprintIn(confirmation: unknown): string | undefined {
  const jkt = typeof confirmation === "object" && confirmation !== null && "jkt" in confirmation && confirmation.jkt;
  return typeof jkt === "string" ? jkt : undefined;
}

function readManageClaims({ sub, uid, sid, origin }: Readonly<Record<string, unknown>>): ManageClaims | undefined {
  if (![sub, uid, sid, origin].every((claim) => typeof claim === "string")) return undefined;
  return { wallet: sub as string, userId: uid as string, sessionId: sid as string, origin: origin as string };
}

/**
 * ES256 access tokens, five minutes. The active key signs, every key is published and verifies.
 * Sources: RFC 9068, RFC 7800 (`cnf`).
 */
export async function createAccessTokens(
  issuer: string,
  stated: readonly StatedKey[],
  randomId: () => string,
): Promise<TokenPort> {
  const keys = await Promise.all(stated.map(importKey));
  const active = keys.find(({ state }) => state === "active");
  if (!active) throw new Error("no token key is active");
  const keyOf = ({ kid }: { kid?: string }): WebCryptoKey => {
    const key = keys.find((candidate) => candidate.kid === kid);
    if (!key) throw new errors.JWKSNoMatchingKey();
    return key.publicKey;
  };
  const sign = (type: string, audience: string, wallet: string, claims: Record<string, unknown>, nowMs: number) => {
    const issuedAt = Math.floor(nowMs / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "ES256", typ: type, kid: active.kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(wallet)
      .setJti(randomId())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ACCESS_TOKEN_LIFE_SECONDS)
      .sign(active.privateKey);
  };
  /** Reasons: `expired`, and `invalid` for everything else. */
  async function open<Claims>(
    token: string,
    nowMs: number,
    typ: string,
    audienceOf: (said: unknown) => string | undefined,
    read: (payload: Readonly<Record<string, unknown>>) => Claims | undefined,
  ) {
    if (token.length > MAX_TOKEN_CHARS) return failure("invalid" as const);
    try {
      const audience = audienceOf(decodeJwt(token).aud);
      if (audience === undefined) return failure("invalid" as const);
      const { payload } = await jwtVerify(token, keyOf, {
        algorithms: ["ES256"],
        issuer,
        audience,
        typ,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(nowMs),
        requiredClaims: ["exp", "iat", "jti"],
      });
      const claims = read(payload);
      return claims ? success(claims) : failure("invalid" as const);
    } catch (error) {
      return failure(error instanceof errors.JWTExpired ? ("expired" as const) : ("invalid" as const));
    }
  }
  const manageAudience = `${issuer}/v1/manage`;
  return {
    issue: ({ projectId, userId, sessionId, wallet, origin, amr, keyThumbprint }, nowMs) => {
      const confirmation = keyThumbprint !== undefined && { cnf: { jkt: keyThumbprint } };
      const claims = { uid: userId, sid: sessionId, amr: [...amr], origin, ...confirmation };
      return sign(TYPE, projectId, wallet, claims, nowMs);
    },
    // Projects have no keys of their own: the audience only has to be one, and the caller looks the project up.
    verify: (token, nowMs) =>
      open(token, nowMs, TYPE, (said) => (typeof said === "string" ? said : undefined), readClaims),
    issueManagement: ({ userId, sessionId, wallet, origin }, nowMs) =>
      sign(MANAGE_TYPE, manageAudience, wallet, { uid: userId, sid: sessionId, origin }, nowMs),
    verifyManagement: (token, nowMs) => open(token, nowMs, MANAGE_TYPE, () => manageAudience, readManageClaims),
    publicKeys: () => keys.map(({ kid, publicJwk }) => ({ ...publicJwk, kid })),
  };
}

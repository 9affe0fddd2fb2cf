import { base64urlnopad } from "@scure/base";
import { calculateJwkThumbprint, EmbeddedJWK, errors, jwtVerify } from "jose";
import { failure, success } from "../../domain/result.ts";
import type { PossessionPort } from "../../ports.ts";

const TYPE = "dpop+jwt";
/** How far a client's clock may be from ours, either way. */
const MAX_SKEW_SECONDS = 60;
const MAX_PROOF_CHARS = 2_048;
const JTI = /^[!-~]{1,128}$/;
/** Three parts without padding, white space or a second proof behind a comma. */
const FORM = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

async function hashOf(accessToken: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(accessToken));
  return base64urlnopad.encode(new Uint8Array(digest));
}

/** Proofs of possession of a P-256 key. Source: RFC 9449, section 4.3; that a `jti` is new is the limiter's to say. */
export function createDpopProofs(api: string): PossessionPort {
  return {
    async verify(proof, { method, path, accessToken }, nowMs) {
      if (proof.length > MAX_PROOF_CHARS || !FORM.test(proof)) return failure("malformed");
      try {
        const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
          algorithms: ["ES256"],
          typ: TYPE,
          requiredClaims: ["jti", "htm", "htu", "iat"],
          currentDate: new Date(nowMs),
          clockTolerance: MAX_SKEW_SECONDS,
        });
        const { jti, htm, htu, iat, ath } = payload;
        if (typeof jti !== "string" || !JTI.test(jti)) return failure("malformed");
        if (htm !== method || htu !== api + path) return failure("of_another_call");
        if (Math.abs(Math.floor(nowMs / 1000) - (iat ?? 0)) > MAX_SKEW_SECONDS) return failure("untimely");
        if (accessToken !== undefined && ath !== (await hashOf(accessToken))) return failure("of_another_token");
        const { jwk } = protectedHeader;
        if (!jwk) return failure("malformed");
        return success({ keyThumbprint: await calculateJwkThumbprint(jwk), jti });
      } catch (error) {
        return failure(error instanceof errors.JWTExpired ? "untimely" : "malformed");
      }
    },
  };
}

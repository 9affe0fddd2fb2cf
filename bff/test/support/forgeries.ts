import { createHmac, hkdfSync, randomBytes } from "node:crypto";

/** What somebody could make who had a deployment's secret, or a secret of their own: derived here once more, by the design. */
function mac(secretBase64: string, label: string, parts: readonly (string | Uint8Array)[]): Buffer {
  const key = hkdfSync("sha256", Buffer.from(secretBase64, "base64"), "", label, 32);
  const hmac = createHmac("sha256", Buffer.from(key));
  for (const part of parts) {
    const bytes = Buffer.from(part);
    hmac.update(uint32(bytes.length)).update(bytes);
  }
  return hmac.digest();
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export interface ForgedChallenge {
  readonly projectId: string;
  readonly origin: string;
  readonly network: string;
  readonly expiresAtSeconds: number;
}

/** The nonce of a challenge that is bound to no method and no address. */
export function forgeNonce(secretBase64: string, challenge: ForgedChallenge): string {
  const { projectId, origin, network } = challenge;
  const seed = randomBytes(12);
  const expiry = uint32(challenge.expiresAtSeconds);
  const digest = mac(secretBase64, "gasless challenge v1", [seed, expiry, projectId, origin, network, "", "", ""]);
  return Buffer.concat([seed, expiry, digest.subarray(0, 16)]).toString("hex");
}

/** The refresh token of a session at a counter. */
export function forgeRefreshToken(secretBase64: string, projectId: string, sessionId: string, counter: number): string {
  const digest = mac(secretBase64, `gasless refresh v1 ${sessionId}`, [projectId, sessionId, uint32(counter)]);
  return `rt1.k1.${sessionId}.${counter}.${digest.toString("base64url")}`;
}

import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";

/** RFC 8410: what stands before the 32 bytes of a key. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

export interface SigningKey {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

export function createSigningKey(seed: Uint8Array): SigningKey {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" });
  return {
    publicKey: Uint8Array.from(publicKey.subarray(SPKI_PREFIX.length)),
    sign: (message) => Uint8Array.from(sign(null, message, key)),
  };
}

/** False as well for a key that is no point of the curve, or one of small order: Node refuses those by itself. */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: "der", type: "spki" });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}

/** Algorand's one hash, over the domain's tag and the content. */
export function hashWithTag(tag: string, content: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash("sha512-256").update(tag).update(content).digest());
}

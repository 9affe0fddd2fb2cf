import { createHash, createPrivateKey, createPublicKey, randomBytes } from "node:crypto";

/** The order of the base point. Source: RFC 8032, section 5.1. */
const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
/** The identity: the one point that is R of nobody's honest signature and of everybody's forged one. */
const IDENTITY = Buffer.from("01".padEnd(64, "0"), "hex");

/** Scalars are little-endian. */
const flip = (bytes: Uint8Array): Buffer => Buffer.from(bytes.toReversed());
const readScalar = (bytes: Uint8Array): bigint => BigInt(`0x${flip(bytes).toString("hex")}`);
const writeScalar = (scalar: bigint): Buffer => flip(Buffer.from(scalar.toString(16).padStart(64, "0"), "hex"));
const sha512 = (...parts: readonly Uint8Array[]): Buffer => createHash("sha512").update(Buffer.concat(parts)).digest();

/** A secret scalar and its point. Source: RFC 8032, section 5.1.5. */
function expandSeed(seed: Uint8Array): { scalar: bigint; point: Buffer } {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
  const half = sha512(seed).subarray(0, 32);
  half[0] = (half[0] ?? 0) & 248;
  half[31] = ((half[31] ?? 0) & 127) | 64;
  return { scalar: readScalar(half) % ORDER, point: Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url") };
}

/**
 * A signature over `message` that a plain verifier accepts for a small-order key, made without any secret: where the
 * challenge hash is a multiple of 8, its product with such a key is nothing, and R = [S]B is all that is left.
 */
export function forgeForSmallOrderKey(publicKey: Uint8Array, message: Uint8Array): Buffer {
  for (;;) {
    const { scalar, point } = expandSeed(randomBytes(32));
    if ((readScalar(sha512(point, publicKey, message)) % ORDER) % 8n === 0n) {
      return Buffer.concat([point, writeScalar(scalar)]);
    }
  }
}

/** The owner's own signature with the identity as R, which Solana's runtime refuses and a plain verifier accepts. */
export function signWithIdentityAsR(seed: Uint8Array, message: Uint8Array): Buffer {
  const { scalar, point } = expandSeed(seed);
  const hash = readScalar(sha512(IDENTITY, point, message));
  return Buffer.concat([IDENTITY, writeScalar((hash * scalar) % ORDER)]);
}

/** The same signature with another S of the same meaning: a verifier that takes both lets everybody make a second spelling. */
export function stretchScalar(signature: Uint8Array): Buffer {
  return Buffer.concat([signature.subarray(0, 32), writeScalar(readScalar(signature.subarray(32)) + ORDER)]);
}

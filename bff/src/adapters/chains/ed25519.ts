/**
 * The encodings of points of small order, in which one signature fits many messages: as a key they let anybody sign.
 * Source: the 14 encodings that Solana's runtime (ed25519-dalek, verify_strict) and ZIP 215 tell apart.
 */
const SMALL_ORDER_ENCODINGS: ReadonlySet<string> = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]);

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

function isSmallOrder(encoding: Uint8Array): boolean {
  return SMALL_ORDER_ENCODINGS.has(Array.from(encoding, (byte) => byte.toString(16).padStart(2, "0")).join(""));
}

/**
 * As strict as Solana's own runtime, at WebCrypto's speed. A key or signature of another length is false, where some
 * runtimes throw; so is a small-order key or R, which plain WebCrypto accepts in workerd. Source: RFC 8032, section 5.1.7.
 */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  if (isSmallOrder(publicKey) || isSmallOrder(signature.subarray(0, KEY_BYTES))) return false;
  try {
    const key = await crypto.subtle.importKey("raw", publicKey.slice(), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signature.slice(), message.slice());
  } catch {
    // Bytes that are no point of the curve make an import fail.
    return false;
  }
}

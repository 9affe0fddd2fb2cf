import { createHash } from "node:crypto";

/** Algorand's hash of everything: ids, groups, addresses' checksums, method selectors. WebCrypto does not have it. Source: FIPS 180-4. */
export function sha512_256(data: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash("sha512-256").update(data).digest());
}

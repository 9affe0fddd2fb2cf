import { concatBytes, equalBytes } from "../../../domain/bytes.ts";
import { decodeBase32, encodeBase32 } from "./base32.ts";
import { sha512_256 } from "./sha512-256.ts";

const KEY_BYTES = 32;
const CHECKSUM_BYTES = 4;
const ADDRESS_LENGTH = 58;

/** Whom a transaction means that leaves an address out. */
export const ZERO_ADDRESS = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAY5HFKQ";

/** Of 32 bytes. Source: Algorand developer documentation, keys and addresses. */
export function encodeAddress(publicKey: Uint8Array): string {
  return encodeBase32(concatBytes(publicKey, sha512_256(publicKey).subarray(-CHECKSUM_BYTES)));
}

/**
 * The key of an address, or undefined when it is none. Total. 36 bytes leave two bits of the last character over: an address
 * has four spellings, and one key.
 */
export function publicKeyOf(address: string): Uint8Array | undefined {
  const bytes = address.length === ADDRESS_LENGTH ? decodeBase32(address) : undefined;
  if (!bytes) return undefined;
  const key = bytes.slice(0, KEY_BYTES);
  const checksum = sha512_256(key).subarray(-CHECKSUM_BYTES);
  return equalBytes(bytes.subarray(KEY_BYTES), checksum) ? key : undefined;
}

/** The address in its one spelling, or undefined when it is none. */
export function parseAddress(text: string): string | undefined {
  const key = publicKeyOf(text);
  return key && encodeAddress(key);
}

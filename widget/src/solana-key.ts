import { GaslessError } from "./errors.ts";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const KEY_BYTES = 32;
const MAX_LENGTH = 44;

/** 32 bytes as people read them: base58. A library's coder would weigh more than the views that need it. */
export function encodeKey(bytes: Uint8Array): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = "";
  for (; value > 0n; value /= 58n) text = `${ALPHABET[Number(value % 58n)]}${text}`;
  const first = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(first < 0 ? bytes.length : first) + text;
}

/** The 32 bytes of an address. @throws request.invalid */
export function decodeKey(address: string): Uint8Array<ArrayBuffer> {
  let value = 0n;
  for (const letter of address.slice(0, MAX_LENGTH)) value = value * 58n + BigInt(ALPHABET.indexOf(letter));
  const bytes = Uint8Array.from({ length: KEY_BYTES }, (_, index) =>
    Number(BigInt.asUintN(8, value >> BigInt(8 * (KEY_BYTES - 1 - index)))),
  );
  // Whatever was too long, too short or no base58 reads otherwise on the way back.
  if (encodeKey(bytes) === address) return bytes;
  throw new GaslessError("request.invalid", `${address} is no Solana address.`);
}

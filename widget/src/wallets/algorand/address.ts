const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const KEY_BYTES = 32;

/** The public key of an address; its checksum is for the server to judge. Source: Algorand developer docs, "Addresses". */
export function decodeAddress(address: string): Uint8Array<ArrayBuffer> {
  let value = 0n;
  for (const letter of address) value = value * 32n + BigInt(Math.max(0, ALPHABET.indexOf(letter)));
  // 58 letters of five bits are 36 bytes and two bits more: the key, and behind it four bytes of a hash.
  value >>= BigInt(address.length * 5 - KEY_BYTES * 8);
  return Uint8Array.from({ length: KEY_BYTES }, (_, index) =>
    Number(BigInt.asUintN(8, value >> BigInt(8 * (KEY_BYTES - 1 - index)))),
  );
}

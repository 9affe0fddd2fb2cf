import type { Ports } from "../ports.ts";

/** Crockford's base32, in lower case. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_CHARS = 10;
const RANDOM_CHARS = 16;

/** Ids that sort by the millisecond they were made in, with 80 random bits. Source: the ULID layout. */
export function createRandom(nowMs: () => number): Ports["random"] {
  const bytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  return {
    bytes,
    uuid: () => crypto.randomUUID(),
    id(prefix) {
      let time = nowMs();
      let head = "";
      for (let index = 0; index < TIME_CHARS; index++) {
        head = ALPHABET.charAt(time % 32) + head;
        time = Math.floor(time / 32);
      }
      const tail = Array.from(bytes(RANDOM_CHARS), (byte) => ALPHABET.charAt(byte % 32)).join("");
      return `${prefix}_${head}${tail}`;
    },
  };
}

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_CHARS = 24;
const CHECKSUM_CHARS = 6;
/** Bytes from here on would make the first characters of the alphabet likelier than the others. */
const FAIR_BYTES = 248;
/** Random bytes that a key is made of: of as many, 24 are fair but once in 10^30 times. */
export const API_KEY_BYTES = 64;

/** CRC-32 of a text. Source: ISO 3309, reflected, polynomial 0xEDB88320. */
function crc32(text: string): number {
  let crc = ~0;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0);
  }
  return ~crc >>> 0;
}

function toBase62(value: number): string {
  let text = "";
  for (let rest = value; text.length < CHECKSUM_CHARS; rest = Math.floor(rest / 62))
    text = BASE62.charAt(rest % 62) + text;
  return text;
}

/**
 * A key of 24 random characters, about 143 bits, and six of the CRC-32 of all before them in base 62: whoever looks through
 * code and logs for keys that were left there knows one without asking anybody. Undefined: too few of the bytes were fair.
 */
export function formatApiKey(
  kind: "publishable" | "secret",
  environment: "test" | "live",
  random: Uint8Array,
): string | undefined {
  const fair = Array.from(random)
    .filter((byte) => byte < FAIR_BYTES)
    .slice(0, RANDOM_CHARS);
  if (fair.length < RANDOM_CHARS) return undefined;
  const text = `${kind === "secret" ? "sk" : "pk"}_${environment}_${fair.map((byte) => BASE62.charAt(byte % 62)).join("")}`;
  return text + toBase62(crc32(text));
}

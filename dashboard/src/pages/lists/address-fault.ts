const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const STRANGER = new RegExp(`[^${BASE58}]`, "u");
const KEY_BYTES = 32;
/** A key and its checksum in base32. */
const ALGORAND = /^[A-Z2-7]{58}$/;

/** How many bytes a base58 text is of; each `1` in front is one of zero. */
function base58Bytes(text: string): number {
  const [zeros = ""] = /^1*/.exec(text) ?? [];
  let value = 0n;
  for (const letter of text) value = value * 58n + BigInt(BASE58.indexOf(letter));
  return zeros.length + (value === 0n ? 0 : Math.ceil(value.toString(16).length / 2));
}

function solanaFault(text: string): string | undefined {
  const [stranger] = STRANGER.exec(text) ?? [];
  if (stranger !== undefined) return `is not in base58, which has no “${stranger}”`;
  // Longer ones are not worth the count.
  const bytes = text.length > 64 ? undefined : base58Bytes(text);
  if (bytes === KEY_BYTES) return undefined;
  return bytes === undefined || bytes > KEY_BYTES
    ? "is too long: an address has 32 bytes"
    : "is cut off: an address has 32 bytes";
}

/**
 * Why a text cannot be an address of a network; undefined where it may be one. Algorand's checksum is left to the API:
 * browsers do not come with its hash.
 */
export function addressFault(network: string, text: string): string | undefined {
  const [family = ""] = network.split(":", 1);
  // Copied together with its family it is taken, too.
  const address = text.startsWith(`${family}:`) ? text.slice(family.length + 1) : text;
  if (family === "solana") return solanaFault(address);
  if (family === "algorand" && !ALGORAND.test(address)) return "is not of 58 capital letters and digits from 2 to 7";
  return undefined;
}

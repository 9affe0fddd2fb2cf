import { base58 } from "@scure/base";

/** `\xffsolana offchain`: no transaction can begin like this. */
const SIGNING_DOMAIN = new Uint8Array([0xff, ...new TextEncoder().encode("solana offchain")]);
const APPLICATION_DOMAIN_BYTES = 32;
const KEY_BYTES = 32;
/** Ours has one; reading many more would only cost time. */
const MAX_SIGNERS = 8;
/** Plain ASCII, and UTF-8; the third format is for messages that are longer than ours. */
const MAX_FORMAT = 1;

/** One way to read an off-chain message. Addresses are base58. */
export interface OffchainMessage {
  readonly layout: "v0" | "compact" | "v1" | "v1-with-length";
  /** Of v0 alone: 32 bytes. */
  readonly applicationDomain?: Uint8Array;
  /** Of version 0: 0 is ASCII on one line, 1 is UTF-8. */
  readonly format?: number;
  /** Who has to sign; the compact layout names nobody. */
  readonly signers: readonly string[];
  readonly content: Uint8Array;
}

/** What is left behind a little-endian length, when it is exactly as long as that says. */
function contentBehindLength(bytes: Uint8Array, at: number): Uint8Array | undefined {
  if (bytes.length < at + 2) return undefined;
  const length = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  const content = bytes.subarray(at + 2);
  return content.length === length && length > 0 ? content : undefined;
}

/** A count and so many keys, or undefined where there are none of them or not all. */
function readSigners(
  bytes: Uint8Array,
  at: number,
): { signers: string[]; keys: Uint8Array[]; end: number } | undefined {
  const count = bytes[at] ?? 0;
  const end = at + 1 + count * KEY_BYTES;
  if (count === 0 || count > MAX_SIGNERS || end > bytes.length) return undefined;
  const keys = Array.from({ length: count }, (_, index) =>
    bytes.subarray(at + 1 + index * KEY_BYTES).subarray(0, KEY_BYTES),
  );
  return { signers: keys.map((key) => base58.encode(key)), keys, end };
}

function isBefore(left: Uint8Array, right: Uint8Array): boolean {
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}

function readVersion0(body: Uint8Array): OffchainMessage[] {
  const readings: OffchainMessage[] = [];
  const compact = contentBehindLength(body, 1);
  const [compactFormat = 0] = body;
  if (compact && compactFormat <= MAX_FORMAT) {
    readings.push({ layout: "compact", format: compactFormat, signers: [], content: compact });
  }
  const format = body[APPLICATION_DOMAIN_BYTES] ?? 0;
  const list = readSigners(body, APPLICATION_DOMAIN_BYTES + 1);
  const content = list && contentBehindLength(body, list.end);
  if (list && content && format <= MAX_FORMAT) {
    const applicationDomain = body.subarray(0, APPLICATION_DOMAIN_BYTES);
    readings.push({ layout: "v0", applicationDomain, format, signers: list.signers, content });
  }
  return readings;
}

/** Signers are sorted, and none stands there twice. */
function readVersion1(body: Uint8Array): OffchainMessage[] {
  const list = readSigners(body, 0);
  if (!list) return [];
  const { signers, keys, end } = list;
  if (keys.some((key, index) => index > 0 && !isBefore(keys[index - 1] ?? key, key))) return [];
  const whole = body.subarray(end);
  const counted = contentBehindLength(body, end);
  return [
    ...(whole.length === 0 ? [] : [{ layout: "v1", signers, content: whole } as const]),
    ...(counted ? [{ layout: "v1-with-length", signers, content: counted } as const] : []),
  ];
}

/**
 * Every way to read bytes as an off-chain message: the four layouts that wallets write, of which two share a version
 * byte each, so that some bytes can be read in two ways. Total: none where they are no such message.
 * Sources: Agave's off-chain message signing (v0), sRFC 3 (v1), Ledger's Solana app (compact, length in v1).
 */
export function readOffchainMessage(bytes: Uint8Array): readonly OffchainMessage[] {
  if (SIGNING_DOMAIN.some((byte, index) => bytes[index] !== byte)) return [];
  const version = bytes[SIGNING_DOMAIN.length];
  const body = bytes.subarray(SIGNING_DOMAIN.length + 1);
  if (version === 0) return readVersion0(body);
  return version === 1 ? readVersion1(body) : [];
}

/** A message of version 1 for one signer. */
export function writeOffchainMessage(address: string, content: Uint8Array): Uint8Array {
  return new Uint8Array([...SIGNING_DOMAIN, 1, 1, ...base58.decode(address), ...content]);
}

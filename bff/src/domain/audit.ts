/** An entry of the audit log that has its place in a chain. */
export interface SealedEntry {
  readonly id: string;
  /** From 1 on, without a gap. */
  readonly sequence: bigint;
  /** JSON, as it was appended. */
  readonly entry: string;
  /** SHA-256 of the hash before and `entry`. */
  readonly hash: Uint8Array;
}

export interface AuditHead {
  readonly chain: string;
  readonly sequence: bigint;
  readonly hash: Uint8Array;
  /** Of an entry that was the newest when it was signed. */
  readonly signed: { readonly sequence: bigint; readonly kid: string; readonly mac: Uint8Array } | undefined;
}

/**
 * What is wrong with a chain. `altered`: the entry, or its hash, is not what was sealed; `head_wrong`: the chain ends elsewhere
 * than its head says.
 */
export type AuditFault =
  | { readonly fault: "altered"; readonly sequence: bigint; readonly id: string }
  | { readonly fault: "missing"; readonly from: bigint; readonly to: bigint }
  | { readonly fault: "head_wrong"; readonly sequence: bigint }
  | { readonly fault: "signature_missing"; readonly sequence: bigint }
  | { readonly fault: "signature_wrong"; readonly sequence: bigint }
  | { readonly fault: "signature_unknown"; readonly sequence: bigint; readonly kid: string };

/** The hash that follows another one by an entry, in bytes to be hashed. */
export function linkBytes(before: Uint8Array, entry: string): Uint8Array {
  const text = new TextEncoder().encode(entry);
  const bytes = new Uint8Array(before.length + text.length);
  bytes.set(before);
  bytes.set(text, before.length);
  return bytes;
}

/** What the first entry of a chain follows, in bytes to be hashed. */
export const originBytes = (chain: string): Uint8Array => new TextEncoder().encode(chain);

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** What is signed of a head. */
export const headBytes = (chain: string, sequence: bigint, hash: Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(new TextEncoder().encode(`${chain}\n${sequence}\n${toHex(hash)}`));

/** Byte by byte; how long it takes is no secret here. */
export const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);

/** Whether an entry says of itself what its row does. */
export function isOwnEntry(chain: string, { id, entry }: Pick<SealedEntry, "id" | "entry">): boolean {
  try {
    const said = JSON.parse(entry) as Readonly<Record<string, unknown>> | null;
    return said?.["id"] === id && said["chain"] === chain;
  } catch {
    return false;
  }
}

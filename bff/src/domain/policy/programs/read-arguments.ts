import { base58, hex } from "@scure/base";
import { isZero } from "../../bytes.ts";
import type { ArgumentShape, ArgumentValue, FieldType } from "./shape.ts";

const PUBLIC_KEY_BYTES = 32;
const METADATA_FIELDS = ["name", "symbol", "uri"] as const;
// A byte order mark that is swallowed would give one text two spellings.
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

interface Cursor {
  readonly data: Uint8Array;
  offset: number;
}

/** Undefined: the bytes at the cursor are no such value. */
type Reader<Value extends ArgumentValue = ArgumentValue> = (cursor: Cursor) => Value | undefined;

const READERS: Readonly<Record<FieldType, Reader>> = {
  u8: unsigned(1),
  u16: unsigned(2),
  u32: unsigned(4),
  u64: unsigned(8),
  u128: unsigned(16),
  i8: signed(1),
  i16: signed(2),
  i32: signed(4),
  i64: signed(8),
  i128: signed(16),
  f64: readFloat,
  bool: readBoolean,
  publicKey: readPublicKey,
  string: lengthPrefixedText(4),
  string64: lengthPrefixedText(8),
  text: (cursor) => decodeText(takeRest(cursor)),
  bytes: (cursor) => hex.encode(takeRest(cursor)),
  sizedBytes: readSizedBytes,
  "option<u8>": optional(1, unsigned(1)),
  "option<u16>": optional(1, unsigned(2)),
  "option<u32>": optional(1, unsigned(4)),
  "option<u64>": optional(1, unsigned(8)),
  "option<u128>": optional(1, unsigned(16)),
  "option<i64>": optional(1, signed(8)),
  "option<bool>": optional(1, readBoolean),
  "option<string>": optional(1, lengthPrefixedText(4)),
  "option<publicKey>": optional(1, readPublicKey),
  "coption<publicKey>": optional(4, readPublicKey),
  "zeroable<publicKey>": readZeroablePublicKey,
  "vec64<publicKey>": readPublicKeys,
  "rest<u16>": readRestAsNumbers,
  metadataField: readMetadataField,
};

/**
 * The arguments that data (behind its discriminator) consists of, read to the last byte. Undefined when it is anything
 * else; what is read has no second spelling.
 */
export function readArguments(
  fields: readonly ArgumentShape[],
  data: Uint8Array,
): ReadonlyMap<string, ArgumentValue> | undefined {
  const cursor: Cursor = { data, offset: 0 };
  const values = new Map<string, ArgumentValue>();
  for (const { name, type } of fields) {
    const value = READERS[type](cursor);
    if (value === undefined) return undefined;
    values.set(name, value);
  }
  return cursor.offset === data.length ? values : undefined;
}

function take(cursor: Cursor, length: number): Uint8Array | undefined {
  const end = cursor.offset + length;
  if (end > cursor.data.length) return undefined;
  const bytes = cursor.data.subarray(cursor.offset, end);
  cursor.offset = end;
  return bytes;
}

function takeRest(cursor: Cursor): Uint8Array {
  const bytes = cursor.data.subarray(cursor.offset);
  cursor.offset = cursor.data.length;
  return bytes;
}

function unsigned(sizeBytes: number): Reader<bigint> {
  return (cursor) => take(cursor, sizeBytes)?.reduceRight<bigint>((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function signed(sizeBytes: number): Reader<bigint> {
  return (cursor) => {
    const value = unsigned(sizeBytes)(cursor);
    return value === undefined ? undefined : BigInt.asIntN(8 * sizeBytes, value);
  };
}

function readFloat(cursor: Cursor): string | undefined {
  const bytes = take(cursor, 8);
  if (bytes === undefined) return undefined;
  const value = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
  return Number.isFinite(value) && !Object.is(value, -0) ? String(value) : undefined;
}

function readBoolean(cursor: Cursor): boolean | undefined {
  const value = unsigned(1)(cursor);
  return value === 0n || value === 1n ? value === 1n : undefined;
}

function readPublicKey(cursor: Cursor): string | undefined {
  const bytes = take(cursor, PUBLIC_KEY_BYTES);
  return bytes && base58.encode(bytes);
}

function readZeroablePublicKey(cursor: Cursor): string | null | undefined {
  const bytes = take(cursor, PUBLIC_KEY_BYTES);
  if (bytes === undefined) return undefined;
  return isZero(bytes) ? null : base58.encode(bytes);
}

function readPublicKeys(cursor: Cursor): readonly string[] | undefined {
  const count = unsigned(8)(cursor);
  // A count too large for a number is too large for the data as well.
  const bytes = count === undefined ? undefined : take(cursor, PUBLIC_KEY_BYTES * Number(count));
  return bytes && chunks(bytes, PUBLIC_KEY_BYTES).map((key) => base58.encode(key));
}

function readRestAsNumbers(cursor: Cursor): readonly string[] | undefined {
  const bytes = takeRest(cursor);
  if (bytes.length % 2 !== 0) return undefined;
  return chunks(bytes, 2).map(([low = 0, high = 0]) => String(low + 256 * high));
}

function chunks(bytes: Uint8Array, sizeBytes: number): readonly Uint8Array[] {
  return Array.from({ length: bytes.length / sizeBytes }, (_, index) =>
    bytes.subarray(index * sizeBytes, (index + 1) * sizeBytes),
  );
}

function takeSized(cursor: Cursor, sizeBytes: number): Uint8Array | undefined {
  const length = unsigned(sizeBytes)(cursor);
  return length === undefined ? undefined : take(cursor, Number(length));
}

function readSizedBytes(cursor: Cursor): string | undefined {
  const bytes = takeSized(cursor, 4);
  return bytes && hex.encode(bytes);
}

function lengthPrefixedText(sizeBytes: number): Reader<string> {
  return (cursor) => {
    const bytes = takeSized(cursor, sizeBytes);
    return bytes && decodeText(bytes);
  };
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return undefined;
  }
}

function optional(tagBytes: number, readValue: Reader): Reader {
  return (cursor) => {
    const tag = unsigned(tagBytes)(cursor);
    if (tag === 0n) return null;
    return tag === 1n ? readValue(cursor) : undefined;
  };
}

function readMetadataField(cursor: Cursor): string | undefined {
  const tag = Number(unsigned(1)(cursor));
  if (tag !== METADATA_FIELDS.length) return METADATA_FIELDS[tag];
  const key = lengthPrefixedText(4)(cursor);
  return key === undefined ? undefined : `key:${key}`;
}

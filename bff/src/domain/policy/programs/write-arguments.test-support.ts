import { base58, hex } from "@scure/base";
import type { ArgumentShape, ArgumentValue, FieldType } from "./shape.ts";

type Value = ArgumentValue | undefined;
type Writer = (value: Value) => readonly number[];

const METADATA_FIELDS = ["name", "symbol", "uri"];

const WRITERS: Readonly<Record<FieldType, Writer>> = {
  u8: integer(1),
  u16: integer(2),
  u32: integer(4),
  u64: integer(8),
  u128: integer(16),
  i8: integer(1),
  i16: integer(2),
  i32: integer(4),
  i64: integer(8),
  i128: integer(16),
  f64: (value) => [...new Uint8Array(Float64Array.of(Number(value)).buffer)],
  bool: (value) => [value === true ? 1 : 0],
  publicKey: writeKey,
  string: text(4),
  string64: text(8),
  text: text(0),
  bytes: (value) => [...hex.decode(asText(value))],
  sizedBytes: (value) => [...integer(4)(BigInt(asText(value).length / 2)), ...hex.decode(asText(value))],
  "option<u8>": option(1, integer(1)),
  "option<u16>": option(1, integer(2)),
  "option<u32>": option(1, integer(4)),
  "option<u64>": option(1, integer(8)),
  "option<u128>": option(1, integer(16)),
  "option<i64>": option(1, integer(8)),
  "option<bool>": option(1, (value) => [value === true ? 1 : 0]),
  "option<string>": option(1, text(4)),
  "option<publicKey>": option(1, writeKey),
  "coption<publicKey>": option(4, writeKey),
  "zeroable<publicKey>": (value) => (value === null ? integer(32)(0n) : writeKey(value)),
  "vec64<publicKey>": (value) => [...integer(8)(BigInt(asList(value).length)), ...asList(value).flatMap(writeKey)],
  "rest<u16>": (value) => asList(value).flatMap((number) => integer(2)(BigInt(number))),
  metadataField: writeMetadataField,
};

/** What `readArguments` has read, written again by code of its own. Throws where a value has no such type. */
export function writeArguments(
  fields: readonly ArgumentShape[],
  values: ReadonlyMap<string, ArgumentValue>,
): readonly number[] {
  return fields.flatMap(({ name, type }) => WRITERS[type](values.get(name)));
}

function integer(sizeBytes: number): Writer {
  return (value) => {
    if (typeof value !== "bigint") throw new TypeError("not an integer");
    return Array.from({ length: sizeBytes }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
  };
}

function writeKey(value: Value): readonly number[] {
  return [...base58.decode(asText(value))];
}

function text(lengthBytes: number): Writer {
  return (value) => {
    const bytes = new TextEncoder().encode(asText(value));
    return [...integer(lengthBytes)(BigInt(bytes.length)), ...bytes];
  };
}

function option(tagBytes: number, write: Writer): Writer {
  return (value) => (value === null ? integer(tagBytes)(0n) : [...integer(tagBytes)(1n), ...write(value)]);
}

function writeMetadataField(value: Value): readonly number[] {
  const field = asText(value);
  const tag = METADATA_FIELDS.indexOf(field);
  if (tag >= 0) return [tag];
  if (!field.startsWith("key:")) throw new TypeError(`${field} is no metadata field`);
  return [METADATA_FIELDS.length, ...text(4)(field.slice("key:".length))];
}

function asText(value: Value): string {
  if (typeof value !== "string") throw new TypeError("not a text");
  return value;
}

function asList(value: Value): readonly string[] {
  if (typeof value !== "object" || value === null) throw new TypeError("not a list");
  return value;
}

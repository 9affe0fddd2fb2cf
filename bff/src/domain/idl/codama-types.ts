import type { FieldType } from "../policy/programs/shape.ts";
import { type IdlField, type IdlType, scalar, unfit } from "./idl-program.ts";
import { fieldOf, listOf, textOf } from "./json.ts";
import { showName } from "./names.ts";

const NUMBERS: ReadonlySet<string> = new Set<FieldType>([
  "u8",
  "u16",
  "u32",
  "u64",
  "u128",
  "i8",
  "i16",
  "i32",
  "i64",
  "i128",
]);

/** The format of a little-endian number, or undefined where it is written otherwise. */
function numberOf(node: unknown): FieldType | undefined {
  const format = textOf(node, "format") ?? "";
  const isLittle = (textOf(node, "endian") ?? "le") === "le";
  return textOf(node, "kind") === "numberTypeNode" && isLittle && NUMBERS.has(format)
    ? (format as FieldType)
    : undefined;
}

const kindOf = (node: unknown): string => textOf(node, "kind") ?? "";
const isUtf8 = (node: unknown): boolean => (textOf(node, "encoding") ?? "utf8") === "utf8";

/** Text or bytes behind their length. */
function readSized(node: unknown): IdlType {
  const inner = fieldOf(node, "type");
  const prefix = numberOf(fieldOf(node, "prefix"));
  if (kindOf(inner) === "stringTypeNode" && isUtf8(inner)) {
    if (prefix === "u32") return scalar("string");
    if (prefix === "u64") return scalar("string64");
  }
  if (kindOf(inner) === "bytesTypeNode" && prefix === "u32") return scalar("sizedBytes");
  return unfit("text or bytes with a length that policies cannot read");
}

function readEnum(node: unknown): IdlType {
  const size = fieldOf(node, "size");
  const type = size === undefined ? "u8" : numberOf(size);
  const isPlain = listOf(node, "variants").every(
    (variant) => kindOf(variant) === "enumEmptyVariantTypeNode" && fieldOf(variant, "discriminator") === undefined,
  );
  return isPlain && type !== undefined ? scalar(type) : unfit("a choice that carries values");
}

function readOption(node: unknown, depth: number): IdlType {
  const prefix = fieldOf(node, "prefix");
  const isPlain = fieldOf(node, "fixed") !== true && (prefix === undefined || numberOf(prefix) === "u8");
  return isPlain
    ? { kind: "option", item: readCodamaType(fieldOf(node, "item"), depth - 1) }
    : unfit("an optional value of fixed size, or with another tag than one byte");
}

const UNREADABLE: ReadonlyMap<string, string> = new Map([
  ["arrayTypeNode", "a list"],
  ["setTypeNode", "a list"],
  ["mapTypeNode", "a map"],
  ["tupleTypeNode", "a tuple"],
  ["fixedSizeTypeNode", "a value of fixed size"],
  ["zeroableOptionTypeNode", "an optional value without a tag"],
  ["remainderOptionTypeNode", "an optional value without a tag"],
]);

/** A Codama type. Its parts are read so deep only; links are looked up later. Source: @codama/node-types 1. */
function readCodamaType(node: unknown, depth = 6): IdlType {
  const kind = kindOf(node);
  if (depth === 0) return unfit("nested too deep");
  switch (kind) {
    case "numberTypeNode": {
      const type = numberOf(node);
      return type ? scalar(type) : unfit(`a number of the format ${showName(textOf(node, "format"))}`);
    }
    case "amountTypeNode":
    case "solAmountTypeNode":
    case "dateTimeTypeNode":
      return readCodamaType(fieldOf(node, "number"), depth - 1);
    case "booleanTypeNode": {
      const size = fieldOf(node, "size");
      return size === undefined || numberOf(size) === "u8" ? scalar("bool") : unfit("a bool of more than one byte");
    }
    case "publicKeyTypeNode":
      return scalar("publicKey");
    case "sizePrefixTypeNode":
      return readSized(node);
    case "bytesTypeNode":
      return scalar("bytes");
    case "optionTypeNode":
      return readOption(node, depth);
    case "structTypeNode":
      return { kind: "struct", fields: readCodamaFields(listOf(node, "fields"), depth - 1) };
    case "enumTypeNode":
      return readEnum(node);
    case "definedTypeLinkNode":
      return fieldOf(node, "program") === undefined
        ? { kind: "link", name: textOf(node, "name") ?? "" }
        : unfit("of a type of another program");
    default:
      return unfit(UNREADABLE.get(kind) ?? `of the type ${showName(kind)}`);
  }
}

export const readCodamaFields = (fields: readonly unknown[], depth?: number): readonly IdlField[] =>
  fields.map((field) => ({
    name: textOf(field, "name") ?? "",
    type: readCodamaType(fieldOf(field, "type"), depth),
  }));

/** The types that a program defines. Of two with one name neither is taken. */
export function readCodamaTypes(definitions: readonly unknown[]): ReadonlyMap<string, IdlType> {
  const types = new Map<string, IdlType>();
  for (const definition of definitions) {
    const name = textOf(definition, "name") ?? "";
    const isTwice = types.has(name);
    types.set(
      name,
      isTwice ? unfit("of a type that the IDL defines twice") : readCodamaType(fieldOf(definition, "type")),
    );
  }
  return types;
}

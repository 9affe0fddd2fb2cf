import type { FieldType } from "../policy/programs/shape.ts";
import { type IdlField, type IdlType, scalar, unfit } from "./idl-program.ts";
import { fieldOf, isObject, listOf, textOf } from "./json.ts";
import { showName } from "./names.ts";

/** Types by their names in Anchor's IDLs, old and new: Borsh writes each in one way. Source: Anchor 0.31, anchor-lang-idl-spec. */
const SCALARS: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ["u8", "u8"],
  ["u16", "u16"],
  ["u32", "u32"],
  ["u64", "u64"],
  ["u128", "u128"],
  ["i8", "i8"],
  ["i16", "i16"],
  ["i32", "i32"],
  ["i64", "i64"],
  ["i128", "i128"],
  ["bool", "bool"],
  ["string", "string"],
  ["bytes", "sizedBytes"],
  ["publicKey", "publicKey"],
  ["pubkey", "publicKey"],
]);
/** A choice's number is one byte. */
const MAX_VARIANTS = 256;

/** An Anchor type. Its parts are read so deep only; what refers by name is looked up later. */
function readAnchorType(given: unknown, depth = 4): IdlType {
  if (typeof given === "string") {
    const type = SCALARS.get(given);
    return type ? scalar(type) : unfit(`of the type ${showName(given)}`);
  }
  if (!isObject(given) || depth === 0) return unfit("of a type that cannot be read");
  if (fieldOf(given, "option") !== undefined) {
    return { kind: "option", item: readAnchorType(fieldOf(given, "option"), depth - 1) };
  }
  if (fieldOf(given, "vec") === "u8") return scalar("sizedBytes");
  if (fieldOf(given, "vec") !== undefined) return unfit("a list");
  if (fieldOf(given, "array") !== undefined) return unfit("an array");
  if (fieldOf(given, "coption") !== undefined) return unfit("an optional value with a tag of four bytes");
  return readReference(fieldOf(given, "defined"));
}

/** Old IDLs name a defined type by itself, new ones in an object. */
function readReference(defined: unknown): IdlType {
  const name = typeof defined === "string" ? defined : textOf(defined, "name");
  if (name === undefined) return unfit("of a type that cannot be read");
  return listOf(defined, "generics").length > 0 ? unfit("of a generic type") : { kind: "link", name };
}

/** Named fields, or those of a tuple by their places. */
export function readAnchorFields(fields: readonly unknown[]): readonly IdlField[] {
  return fields.map((field, place) => {
    const name = textOf(field, "name");
    return name === undefined
      ? { name: place.toString(), type: readAnchorType(field) }
      : { name, type: readAnchorType(fieldOf(field, "type")) };
  });
}

function readDefinition(definition: unknown): IdlType {
  const serialization = fieldOf(definition, "serialization");
  if (serialization !== undefined && serialization !== "borsh") return unfit("not written by Borsh");
  if (listOf(definition, "generics").length > 0) return unfit("of a generic type");
  const type = fieldOf(definition, "type");
  switch (textOf(type, "kind") ?? "") {
    case "struct":
      return { kind: "struct", fields: readAnchorFields(listOf(type, "fields")) };
    case "enum": {
      const variants = listOf(type, "variants");
      const isPlain = variants.every((variant) => listOf(variant, "fields").length === 0);
      return isPlain && variants.length <= MAX_VARIANTS ? scalar("u8") : unfit("a choice that carries values");
    }
    case "type":
      return readAnchorType(fieldOf(type, "alias"));
    case "alias":
      return readAnchorType(fieldOf(type, "value"));
    default:
      return unfit("of a type that cannot be read");
  }
}

/** The types that an IDL defines. Of two with one name neither is taken. */
export function readAnchorTypes(definitions: readonly unknown[]): ReadonlyMap<string, IdlType> {
  const types = new Map<string, IdlType>();
  for (const definition of definitions) {
    const name = textOf(definition, "name");
    if (name === undefined) continue;
    types.set(name, types.has(name) ? unfit("of a type that the IDL defines twice") : readDefinition(definition));
  }
  return types;
}

import { hex } from "@scure/base";
import type { ArgumentValue } from "../../../../domain/policy/programs/shape.ts";
import { encodeAddress } from "../address.ts";
import type { ApplicationCall } from "../group/decoded-group.ts";
import { sha512_256 } from "../sha512-256.ts";

const SELECTOR_BYTES = 4;
/** Transactions that stand before the call in its group: they take no place among its arguments. */
const TRANSACTION_TYPES = new Set(["txn", "pay", "keyreg", "acfg", "axfer", "afrz", "appl"]);
/** Of more arguments than fit, the last place holds a tuple. */
const MAX_PLACES = 15;

/** A method of an application, and how its arguments are written; without types where only its selector is known. */
export interface Method {
  readonly selector: string;
  readonly types: readonly string[] | undefined;
  readonly result: string | undefined;
}

/** The types between commas that are in no bracket. */
function splitTypes(list: string): readonly string[] {
  if (list === "") return [];
  const types = [""];
  let depth = 0;
  for (const character of list) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === "," && depth === 0) types.push("");
    else types.push(`${types.pop() ?? ""}${character}`);
  }
  return types;
}

/** Of a signature such as `add(uint64,uint64)uint64`, or of a selector in hex. Source: ARC-4, method selectors. */
export function parseMethod(text: string): Method {
  const open = text.indexOf("(");
  if (open < 0) return { selector: text, types: undefined, result: undefined };
  const digest = sha512_256(new TextEncoder().encode(text));
  const close = closingOf(text, open);
  const types = splitTypes(text.slice(open + 1, close));
  return {
    selector: hex.encode(digest.subarray(0, SELECTOR_BYTES)),
    types: types.filter((type) => !TRANSACTION_TYPES.has(type)),
    result: text.slice(close + 1),
  };
}

/** Where the bracket that opens there is closed. */
function closingOf(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    if (text[index] === "(") depth++;
    if (text[index] === ")" && --depth === 0) return index;
  }
  return text.length;
}

const PLAIN_TYPE =
  /^(?:byte|bool|address|string|account|asset|application|uint(?:[1-9][0-9]*)|ufixed(?:[1-9][0-9]*)x(?:[1-9][0-9]*))$/;

/** What a list is a list of, and how long it is; without a length where that stands in front of it. Undefined: it is no list. */
export function listOf(type: string): { readonly member: string; readonly length: number | undefined } | undefined {
  const [, member, length] = /^(.+)\[([1-9][0-9]*)?\]$/.exec(type) ?? [];
  return member === undefined ? undefined : { member, length: length === undefined ? undefined : Number(length) };
}

/** The types in a tuple, or undefined when it is none. */
export function membersOf(type: string): readonly string[] | undefined {
  return type.startsWith("(") && closingOf(type, 0) === type.length - 1 ? splitTypes(type.slice(1, -1)) : undefined;
}

/** True for a type that ARC-4 has, lists and tuples of such too. */
export function isAbiType(type: string): boolean {
  const list = listOf(type);
  if (list) return isAbiType(list.member);
  const members = membersOf(type);
  if (members) return members.every(isAbiType);
  const [, bits] = /^uint([0-9]+)$/.exec(type) ?? [];
  return PLAIN_TYPE.test(type) && (bits === undefined || (Number(bits) <= 512 && Number(bits) % 8 === 0));
}

export const selectorOf = ({ arguments: [first] }: ApplicationCall): string | undefined =>
  first?.length === SELECTOR_BYTES ? hex.encode(first) : undefined;

const toInteger = (bytes: Uint8Array): bigint => bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);

function readText(bytes: Uint8Array): string | undefined {
  const length = toInteger(bytes.subarray(0, 2));
  if (bytes.length < 2 || BigInt(bytes.length - 2) !== length) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(2));
  } catch {
    return undefined;
  }
}

/** What a number among the arguments refers to. With a list of all that the call may use, it counts places of that list: unread. */
function refer<Value>(
  { hasAccessList }: ApplicationCall,
  values: readonly Value[],
  bytes: Uint8Array,
): Value | undefined {
  return bytes.length === 1 && !hasAccessList ? values[bytes[0] ?? 0] : undefined;
}

/** What stands in one place; undefined when the bytes are not of its type. Types that are made of others stay bytes. */
function readValue(type: string | undefined, bytes: Uint8Array, call: ApplicationCall): ArgumentValue | undefined {
  const [, bits] = /^uint([1-9][0-9]*)$/.exec(type ?? "") ?? [];
  if (bits !== undefined) return bytes.length * 8 === Number(bits) ? toInteger(bytes) : undefined;
  switch (type ?? "byte[]") {
    case "byte":
      return bytes.length === 1 ? toInteger(bytes) : undefined;
    case "bool":
      return bytes.length === 1 && [0, 0x80].includes(bytes[0] ?? 1) ? bytes[0] === 0x80 : undefined;
    case "address":
      return bytes.length === 32 ? encodeAddress(bytes) : undefined;
    case "string":
      return readText(bytes);
    case "account":
      return refer(call, [call.sender, ...call.accounts], bytes);
    case "asset":
      return refer(call, call.assets, bytes);
    case "application":
      return refer(call, [call.application, ...call.applications], bytes);
    default:
      return hex.encode(bytes);
  }
}

/** The type in one place of a call: of more than fit, the last place holds a tuple of the rest. The first holds the selector. */
export function typeAt(place: number, types: readonly string[]): string | undefined {
  if (place === 0) return undefined;
  return place === MAX_PLACES && types.length > MAX_PLACES
    ? `(${types.slice(MAX_PLACES - 1).join(",")})`
    : types[place - 1];
}

/** The arguments of a call by `argument0` and so on, as its method's types read them: `argument0` is the selector. */
export function readArguments(
  call: ApplicationCall,
  types: readonly string[] | undefined,
): ReadonlyMap<string, ArgumentValue | undefined> {
  return new Map(
    call.arguments.map((bytes, place) => {
      const type = types && typeAt(place, types);
      return [`argument${place}`, readValue(type, bytes, call)] as const;
    }),
  );
}

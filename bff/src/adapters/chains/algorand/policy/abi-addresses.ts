import { concatBytes } from "../../../../domain/bytes.ts";
import { encodeAddress } from "../address.ts";
import { listOf, membersOf } from "./abi.ts";

const ADDRESS_BYTES = 32;
const OFFSET_BYTES = 2;

/** Of a type whose values all have one length, in bytes; undefined of others. Source: ARC-4, encoding. */
function sizeOf(type: string): number | undefined {
  const list = listOf(type);
  if (list)
    return list.length === undefined ? undefined : headSize(Array.from({ length: list.length }, () => list.member));
  const members = membersOf(type);
  if (members) return headSize(members);
  if (type === "string") return undefined;
  if (type === "address") return ADDRESS_BYTES;
  const [, bits = "8"] = /^(?:uint|ufixed)([0-9]+)/.exec(type) ?? [];
  return Number(bits) / 8;
}

/** Bools that stand beside each other share bytes, eight in each. */
function headSize(types: readonly string[]): number | undefined {
  let size = 0;
  let bools = 0;
  for (const type of types) {
    const own = sizeOf(type);
    if (own === undefined) return undefined;
    bools = type === "bool" ? bools + 1 : 0;
    // The first of eight takes the byte, the others stand in it.
    if (type !== "bool" || bools % 8 === 1) size += own;
  }
  return size;
}

/** The parts of a value that is made of others: those of fixed length where they stand, the others where their offsets lead. */
function split(types: readonly string[], bytes: Uint8Array): readonly (readonly [type: string, bytes: Uint8Array])[] {
  const parts: (readonly [string, Uint8Array])[] = [];
  let at = 0;
  let bools = 0;
  for (const type of types) {
    const size = sizeOf(type);
    bools = type === "bool" ? bools + 1 : 0;
    if (type === "bool") at += bools % 8 === 1 ? 1 : 0;
    else if (size === undefined) {
      const offset = 256 * (bytes[at] ?? 0) + (bytes[at + 1] ?? 0);
      parts.push([type, bytes.subarray(offset)]);
      at += OFFSET_BYTES;
    } else {
      parts.push([type, bytes.subarray(at, at + size)]);
      at += size;
    }
  }
  return parts;
}

/** The addresses in a value of a type, however deep they stand; in what is shorter than it should be, those that are there. */
export function addressesOf(type: string, bytes: Uint8Array): readonly string[] {
  if (type === "address") return bytes.length === ADDRESS_BYTES ? [encodeAddress(bytes)] : [];
  const list = listOf(type);
  const members = list ? membersOfList(list, bytes) : membersOf(type);
  if (!members) return [];
  const body = list && list.length === undefined ? bytes.subarray(OFFSET_BYTES) : bytes;
  return split(members, body).flatMap(([member, part]) => addressesOf(member, part));
}

/** No more than the bytes have room for, whatever their count says. */
function membersOfList(
  { member, length }: { readonly member: string; readonly length: number | undefined },
  bytes: Uint8Array,
): readonly string[] {
  const count = length ?? 256 * (bytes[0] ?? 0) + (bytes[1] ?? 0);
  const room = Math.ceil((8 * bytes.length) / Math.max(1, 8 * (sizeOf(member) ?? OFFSET_BYTES))) + 1;
  return Array.from({ length: Math.min(count, room) }, () => member);
}

/** What may be an address in bytes of which nobody says what they are: at whole multiples of its length, also behind a count. */
export function likelyAddresses(bytes: Uint8Array): readonly string[] {
  const starts = [0, OFFSET_BYTES].flatMap((first) =>
    Array.from({ length: Math.floor(bytes.length / ADDRESS_BYTES) }, (_, index) => first + index * ADDRESS_BYTES),
  );
  const windows = starts.map((start) => bytes.subarray(start, start + ADDRESS_BYTES));
  return windows
    .filter((window) => window.length === ADDRESS_BYTES)
    .map((window) => encodeAddress(concatBytes(window)));
}

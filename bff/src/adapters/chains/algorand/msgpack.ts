import { equalBytes } from "../../../domain/bytes.ts";
import { failure, type Result, success } from "../../../domain/result.ts";

/** What Algorand writes in msgpack. Integers are bigint as read; a number may be written. */
export type MsgpackValue = bigint | number | boolean | string | Uint8Array | readonly MsgpackValue[] | MsgpackMap;
export interface MsgpackMap {
  readonly [key: string]: MsgpackValue;
}

/** Deeper than any transaction. */
const MAX_DEPTH = 12;
/** One more than a group has: whoever counts sees that there are too many, and the rest is not even read. */
const MAX_MAPS = 17;

/** What stops a read; it never leaves this file. */
class Malformed extends Error {}

/** The first byte of a value, where its length fits into it, or behind it in one, two or four bytes. */
interface Heads {
  readonly fixed: number;
  readonly fixedLimit: number;
  /** For lengths of one, two and four bytes; 0 where msgpack has none. */
  readonly sized: readonly [number, number, number];
}

const MAP: Heads = { fixed: 0x80, fixedLimit: 16, sized: [0, 0xde, 0xdf] };
const LIST: Heads = { fixed: 0x90, fixedLimit: 16, sized: [0, 0xdc, 0xdd] };
const TEXT: Heads = { fixed: 0xa0, fixedLimit: 32, sized: [0xd9, 0xda, 0xdb] };
const BYTES: Heads = { fixed: 0, fixedLimit: 0, sized: [0xc4, 0xc5, 0xc6] };
/** Of one, two, four and eight bytes. */
const INTEGERS = [0xcc, 0xcd, 0xce, 0xcf];
const MAX_INTEGER = 2n ** 64n;

/** Nearly all text is a name of fewer characters, in ASCII, for which an encoder costs more than it does. */
const SHORT = 64;
const ENCODER = new TextEncoder();
/** Strict, and with nothing left out: other bytes never read as the same text. */
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function pushInteger(out: number[], value: bigint, length: number): void {
  for (let shift = 8 * (length - 1); shift >= 0; shift -= 8) out.push(Number((value >> BigInt(shift)) & 0xffn));
}

function pushHead(out: number[], { fixed, fixedLimit, sized }: Heads, length: number): void {
  if (length < fixedLimit) {
    out.push(fixed + length);
    return;
  }
  const width = length < 0x100 && sized[0] > 0 ? 0 : length < 0x10000 ? 1 : 2;
  out.push(sized[width] ?? 0);
  pushInteger(out, BigInt(length), 2 ** width);
}

function pushNumber(out: number[], value: bigint): void {
  if (value < 0n || value >= MAX_INTEGER) throw new RangeError("an integer of msgpack has 64 bits and no sign");
  if (value < 0x80n) {
    out.push(Number(value));
    return;
  }
  const width = value < 0x100n ? 0 : value < 0x1_0000n ? 1 : value < 0x1_0000_0000n ? 2 : 3;
  out.push(INTEGERS[width] ?? 0);
  pushInteger(out, value, 2 ** width);
}

function pushBytes(out: number[], heads: Heads, bytes: ArrayLike<number> & Iterable<number>): void {
  pushHead(out, heads, bytes.length);
  for (const byte of bytes) out.push(byte);
}

function pushText(out: number[], text: string): void {
  const codes = text.length < SHORT ? Array.from(text, (character) => character.codePointAt(0) ?? 0) : [0x80];
  pushBytes(out, TEXT, codes.every((code) => code < 0x80) ? codes : ENCODER.encode(text));
}

const isList = (value: MsgpackValue): value is readonly MsgpackValue[] => Array.isArray(value);

function push(out: number[], value: MsgpackValue): void {
  if (typeof value === "boolean") out.push(value ? 0xc3 : 0xc2);
  else if (typeof value === "bigint" || typeof value === "number") pushNumber(out, BigInt(value));
  else if (typeof value === "string") pushText(out, value);
  else if (value instanceof Uint8Array) pushBytes(out, BYTES, value);
  else if (isList(value)) {
    pushHead(out, LIST, value.length);
    for (const member of value) push(out, member);
  } else {
    const keys = Object.keys(value).toSorted();
    pushHead(out, MAP, keys.length);
    for (const key of keys) {
      push(out, key);
      push(out, value[key] ?? 0n);
    }
  }
}

/**
 * The one canonical spelling: keys in order, every number in its shortest form. What is zero is written as it is given.
 * @throws RangeError for an integer below 0 or above 2^64 − 1
 */
export function encodeMsgpack(value: MsgpackValue): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  push(out, value);
  return Uint8Array.from(out);
}

function createReader(bytes: Uint8Array) {
  let offset = 0;
  const take = (length: number): Uint8Array => {
    if (offset + length > bytes.length) throw new Malformed("it ends too early");
    offset += length;
    return bytes.slice(offset - length, offset);
  };
  const takeByte = (): number => {
    const byte = bytes[offset];
    if (byte === undefined) throw new Malformed("it ends too early");
    offset += 1;
    return byte;
  };
  const takeInteger = (length: number): bigint => {
    let value = 0n;
    for (const byte of take(length)) value = value * 256n + BigInt(byte);
    return value;
  };

  /** The length behind a head of this kind, or undefined when it is of another. */
  const takeLength = (head: number, { fixed, fixedLimit, sized }: Heads): number | undefined => {
    if (head >= fixed && head < fixed + fixedLimit) return head - fixed;
    const width = head === 0 ? -1 : sized.indexOf(head);
    return width < 0 ? undefined : Number(takeInteger(2 ** width));
  };

  const takeText = (length: number): string => {
    const text = take(length);
    if (length < SHORT && text.every((byte) => byte < 0x80)) return String.fromCharCode(...text);
    try {
      return DECODER.decode(text);
    } catch {
      throw new Malformed("a text in it is not UTF-8");
    }
  };

  /** A false count ends at the end of the bytes: every member takes at least one. */
  const takeMembers = <Member>(count: number, takeMember: () => Member): Member[] => {
    if (count > bytes.length - offset) throw new Malformed("it ends too early");
    return Array.from({ length: count }, takeMember);
  };

  const takeKey = (): string => {
    const length = takeLength(takeByte(), TEXT);
    if (length === undefined) throw new Malformed("a key in it is no text");
    return takeText(length);
  };

  function takeValue(depth: number): MsgpackValue {
    if (depth > MAX_DEPTH) throw new Malformed("it is nested too deeply");
    const head = takeByte();
    if (head < 0x80) return BigInt(head);
    if (head === 0xc2 || head === 0xc3) return head === 0xc3;
    const width = INTEGERS.indexOf(head);
    if (width >= 0) return takeInteger(2 ** width);
    const text = takeLength(head, TEXT);
    if (text !== undefined) return takeText(text);
    const length = takeLength(head, BYTES);
    if (length !== undefined) return take(length);
    const count = takeLength(head, LIST);
    if (count !== undefined) return takeMembers(count, () => takeValue(depth + 1));
    const size = takeLength(head, MAP);
    if (size === undefined) throw new Malformed("a value in it is of a kind that Algorand does not use");
    return Object.fromEntries(takeMembers(size, () => [takeKey(), takeValue(depth + 1)] as const));
  }

  return { takeValue, offset: () => offset };
}

/** A map, and the bytes that it was read from. */
export interface ReadMap {
  readonly value: MsgpackMap;
  readonly bytes: Uint8Array;
}

export const isMap = (value: MsgpackValue | undefined): value is MsgpackMap =>
  typeof value === "object" && !(value instanceof Uint8Array) && !Array.isArray(value);

/** Maps one behind the other, at most 17, each in its canonical spelling. Total. Reason: what is wrong, as the end of "it cannot be read: …". */
export function decodeMsgpackMaps(wire: Uint8Array): Result<readonly ReadMap[], string> {
  const reader = createReader(wire);
  const maps: ReadMap[] = [];
  try {
    while (reader.offset() < wire.length && maps.length < MAX_MAPS) {
      const start = reader.offset();
      const value = reader.takeValue(0);
      const bytes = wire.slice(start, reader.offset());
      if (!isMap(value)) return failure("it is no map of fields");
      if (!equalBytes(encodeMsgpack(value), bytes)) return failure("it is not in canonical msgpack");
      maps.push({ value, bytes });
    }
  } catch (error) {
    if (error instanceof Malformed) return failure(error.message);
    throw error;
  }
  return success(maps);
}

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readFields, readNumber, writeBytes, writeFields, writeText } from "./transaction.ts";

const bytes = (...parts: readonly (number | readonly number[])[]): Uint8Array => Uint8Array.from(parts.flat());
const map = (...entries: readonly (readonly [key: string, value: readonly number[]])[]): Uint8Array =>
  bytes([0x80 | entries.length], ...entries.map(([key, value]) => [...writeText(key), ...value]));

const value = fc.oneof(
  fc.nat({ max: 0x7f }).map((number) => [number]),
  fc.uint8Array({ minLength: 2, maxLength: 2 }).map((raw) => [0xcd, ...raw]),
  fc.uint8Array({ minLength: 8, maxLength: 8 }).map((raw) => [0xcf, ...raw]),
  fc.uint8Array({ maxLength: 80 }).map((raw) => [...writeBytes(raw)]),
  fc.boolean().map((flag) => [flag ? 0xc3 : 0xc2]),
  fc.stringMatching(/^[a-z]{0,20}$/).map((text) => [...writeText(text)]),
  fc
    .array(fc.uint8Array({ maxLength: 9 }), { maxLength: 5 })
    .map((items) => [0x90 | items.length, ...items.flatMap(writeBytes)]),
  fc.constant([0x81, ...writeText("a"), 0x01]),
);
const transaction = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), value, { maxKeys: 20 }).map(
  (fields) =>
    new Map(
      Object.entries(fields)
        .toSorted(([one], [two]) => (one < two ? -1 : 1))
        .map(([key, raw]) => [key, bytes(raw)]),
    ),
);

test("what was read is written as the same bytes, whatever fields there are", () => {
  fc.assert(
    fc.property(transaction, (fields) => {
      const wire = writeFields(fields);
      const read = readFields(wire);
      expect(read && [...read]).toEqual([...fields]);
      expect(writeFields(read ?? new Map())).toEqual(wire);
    }),
  );
});

test("no bytes make the reader fail, and what it reads is written in one way alone", () => {
  const any = fc.oneof(fc.uint8Array({ maxLength: 60 }), transaction.map(writeFields));
  fc.assert(
    fc.property(any, fc.nat(), fc.nat({ max: 255 }), (wire, at, byte) => {
      const changed = wire.map((each, index) => (index === at % wire.length ? byte : each));
      for (const given of [wire, changed, wire.subarray(0, -1)]) {
        const read = readFields(given);
        if (read) expect(writeFields(read)).toEqual(given);
      }
    }),
    { numRuns: 1_000 },
  );
});

describe("bytes", () => {
  const deep = Array.from({ length: 20 }, () => 0x91);
  test.each<[string, Uint8Array]>([
    ["nothing", bytes()],
    ["a list", bytes(0x91, 0x01)],
    ["a number", bytes(0x01)],
    ["something behind it", bytes([...map(["a", [1]])], 0)],
    ["its end missing", map(["a", [0xc4, 5, 1]])],
    ["keys out of order", map(["b", [1]], ["a", [1]])],
    ["a key twice", map(["a", [1]], ["a", [2]])],
    ["a key that is none", bytes(0x81, 0x01, 0x01)],
    ["an empty key", bytes(0x81, 0xa0, 0x01)],
    ["a key of other letters", bytes(0x81, 0xa2, 0xc3, 0xa4, 0x01)],
    ["nothing as a value", map(["a", [0xc0]])],
    ["a negative number", map(["a", [0xff]])],
    ["a signed number", map(["a", [0xd3, 0, 0, 0, 0, 0, 0, 0, 1]])],
    ["a fraction", map(["a", [0xcb, 0, 0, 0, 0, 0, 0, 0, 0]])],
    ["an extension", map(["a", [0xd4, 1, 1]])],
    ["the long form of a short map", bytes(0xde, 0, 1, writeText("a"), 1)],
    ["lists in lists without end", map(["a", [...deep, 1]])],
    ["a list of more than there is", map(["a", [0xdc, 0xff, 0xff, 1]])],
    ["a huge text", map(["a", [0xdb, 0, 0, 0, 1, 0x61]])],
  ])("with %s are no transaction", (_what, wire) => {
    expect(readFields(wire)).toBeUndefined();
  });
});

test.each<[readonly number[] | undefined, bigint | undefined]>([
  [undefined, 0n],
  [[0x7f], 127n],
  [[0xcc, 0xff], 255n],
  [[0xcd, 1, 0], 256n],
  [[0xce, 0, 1, 0, 0], 65_536n],
  [[0xcf, 255, 255, 255, 255, 255, 255, 255, 255], 2n ** 64n - 1n],
  [[0xc4, 1, 1], undefined],
  [[], undefined],
])("the value %j stands for %s", (raw, number) => {
  expect(readNumber(raw && bytes(raw))).toBe(number);
});

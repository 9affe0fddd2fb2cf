import { msgpackRawEncode } from "algosdk";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeMsgpackMaps, encodeMsgpack, type MsgpackMap, type MsgpackValue } from "./msgpack.ts";

const bytes = (...parts: readonly (number | string)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...Buffer.from(part)])));

const name = fc.string({ unit: fc.constantFrom("a", "b", "x", "y", "_", "0", "1", "9"), minLength: 1, maxLength: 40 });
const leaf = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.boolean(),
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }),
);
const { map } = fc.letrec<{ value: MsgpackValue; map: MsgpackMap }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("value"), { maxLength: 20 }), tie("map")),
  map: fc.dictionary(name, tie("value"), { maxKeys: 20 }),
}));

const reasonOf = (wire: Uint8Array): string | undefined => {
  const read = decodeMsgpackMaps(wire);
  return read.ok ? undefined : read.reason;
};

describe("what is written", () => {
  test("is what algosdk writes, and reads back as it was", () => {
    fc.assert(
      fc.property(map, (value) => {
        const wire = encodeMsgpack(value);
        expect(wire).toEqual(Uint8Array.from(msgpackRawEncode(value)));
        const read = decodeMsgpackMaps(wire);
        expect(read).toMatchObject({ ok: true, value: [{ bytes: wire }] });
        expect(read.ok && encodeMsgpack(read.value[0]?.value ?? {})).toEqual(wire);
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    [0x7fn, 1],
    [0x80n, 2],
    [0xffn, 2],
    [0x100n, 3],
    [0xffffn, 3],
    [0x1_0000n, 5],
    [0xffff_ffffn, 5],
    [0x1_0000_0000n, 9],
    [2n ** 64n - 1n, 9],
  ])("spends on %s no more than %s bytes", (value, length) => {
    expect(encodeMsgpack(value)).toHaveLength(length);
    expect(decodeMsgpackMaps(encodeMsgpack({ a: value }))).toMatchObject({
      ok: true,
      value: [{ value: { a: value } }],
    });
  });

  test("has its keys in order, whatever order they were given in", () => {
    expect(encodeMsgpack({ b: 1, a: 2, ab: 3 })).toEqual(bytes(0x83, 0xa1, "a", 2, 0xa2, "ab", 3, 0xa1, "b", 1));
  });

  test.each([-1n, 2n ** 64n])("is never %s, which has no spelling", (value) => {
    expect(() => encodeMsgpack(value)).toThrow(RangeError);
  });
});

test("maps one behind the other are read one by one", () => {
  const parts = [{ a: 1n }, {}, { b: "two" }];
  const read = decodeMsgpackMaps(Buffer.concat(parts.map(encodeMsgpack)));
  expect(read.ok && read.value.map(({ value }) => value)).toEqual(parts);
  expect(decodeMsgpackMaps(new Uint8Array())).toEqual({ ok: true, value: [] });
});

test("of more maps than a group has only one more is read, and nothing behind that", () => {
  const read = decodeMsgpackMaps(new Uint8Array(40_000).fill(0x80));
  expect(read.ok && read.value).toHaveLength(17);
  expect(reasonOf(Uint8Array.from([...new Uint8Array(17).fill(0x80), 0xc1]))).toBeUndefined();
  expect(reasonOf(Uint8Array.from([...new Uint8Array(16).fill(0x80), 0xc1]))).toBe(KIND);
});

const NOT_CANONICAL = "it is not in canonical msgpack";

describe("a second spelling of the same is refused:", () => {
  test.each([
    ["keys out of order", bytes(0x82, 0xa1, "b", 1, 0xa1, "a", 1)],
    ["a key twice", bytes(0x82, 0xa1, "a", 1, 0xa1, "a", 1)],
    ["a number in two bytes that fits into one", bytes(0x81, 0xa1, "a", 0xcc, 1)],
    ["a number in nine bytes", bytes(0x81, 0xa1, "a", 0xcf, 0, 0, 0, 0, 0, 0, 0, 1)],
    ["a text with its length apart", bytes(0x81, 0xa1, "a", 0xd9, 1, "x")],
    ["a key with its length apart", bytes(0x81, 0xd9, 1, "a", 1)],
    ["bytes with a length of two bytes", bytes(0x81, 0xa1, "a", 0xc5, 0, 1, 7)],
    ["a list with its count apart", bytes(0x81, 0xa1, "a", 0xdc, 0, 1, 7)],
    ["a map with its count apart", bytes(0xde, 0, 1, 0xa1, "a", 1)],
  ])("%s", (_name, wire) => {
    expect(reasonOf(wire)).toBe(NOT_CANONICAL);
  });
});

const KIND = "a value in it is of a kind that Algorand does not use";
const EARLY = "it ends too early";

describe("what no transaction holds is refused:", () => {
  test.each([
    ["nil", bytes(0x81, 0xa1, "a", 0xc0), KIND],
    ["a negative number", bytes(0x81, 0xa1, "a", 0xff), KIND],
    ["a number with a sign", bytes(0x81, 0xa1, "a", 0xd0, 1), KIND],
    ["a floating one", bytes(0x81, 0xa1, "a", 0xca, 0, 0, 0, 0), KIND],
    ["an extension", bytes(0x81, 0xa1, "a", 0xd4, 1, 1), KIND],
    ["a number as a key", bytes(0x81, 1, 1), "a key in it is no text"],
    ["text that is not UTF-8", bytes(0x81, 0xa1, "a", 0xa1, 0xff), "a text in it is not UTF-8"],
    ["a list instead of a map", bytes(0x91, 1), "it is no map of fields"],
    ["a number instead of a map", bytes(1), "it is no map of fields"],
    ["a map that ends", bytes(0x81, 0xa1, "a"), EARLY],
    ["a text that ends", bytes(0x81, 0xa1, "a", 0xa5, "x"), EARLY],
    ["a false count", bytes(0x81, 0xa1, "a", 0xdd, 0xff, 0xff, 0xff, 0xff), EARLY],
    ["a false length", bytes(0x81, 0xa1, "a", 0xc6, 0xff, 0xff, 0xff, 0xff), EARLY],
    ["a byte behind it", bytes(0x80, 0xc1), KIND],
    [
      "lists in lists in lists",
      bytes(0x81, 0xa1, "a", ...Array.from({ length: 40 }, () => 0x91), 1),
      "it is nested too deeply",
    ],
  ])("%s", (_name, wire, reason) => {
    expect(reasonOf(wire)).toBe(reason);
  });
});

test("a key that every object has by nature is a key like any other", () => {
  const wire = bytes(0x81, 0xa9, "__proto__", 0x81, 0xa1, "a", 1);
  const read = decodeMsgpackMaps(wire);
  expect(read.ok && Object.keys(read.value[0]?.value ?? {})).toEqual(["__proto__"]);
});

test("reading answers whatever the bytes are, and what it takes is in its one spelling", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (wire) => {
      const read = decodeMsgpackMaps(wire);
      if (read.ok)
        expect(Buffer.concat(read.value.map(({ value }) => encodeMsgpack(value)))).toEqual(Buffer.from(wire));
    }),
    { numRuns: 5_000 },
  );
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readArguments } from "./read-arguments.ts";
import type { ArgumentValue, FieldType } from "./shape.ts";
import { writeArguments } from "./write-arguments.test-support.ts";

const ZERO_KEY = "11111111111111111111111111111111";
const ONE_KEY = "4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi";
const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
const ones = (count: number): number[] => Array.from({ length: count }, () => 1);

const SPELLINGS: readonly (readonly [FieldType, readonly number[], ArgumentValue])[] = [
  ["u8", [255], 255n],
  ["u16", [1, 2], 513n],
  ["u32", [0, 0, 0, 128], 2_147_483_648n],
  ["u64", [255, 255, 255, 255, 255, 255, 255, 255], 18_446_744_073_709_551_615n],
  ["u128", [...zeros(15), 128], 2n ** 127n],
  ["i8", [255], -1n],
  ["i16", [0, 128], -32_768n],
  ["i32", [254, 255, 255, 255], -2n],
  ["i64", [...zeros(7), 128], -(2n ** 63n)],
  ["i128", [...zeros(15), 128], -(2n ** 127n)],
  ["f64", [0, 0, 0, 0, 0, 0, 248, 63], "1.5"],
  ["f64", zeros(8), "0"],
  ["f64", [255, 255, 255, 255, 255, 255, 239, 127], "1.7976931348623157e+308"],
  ["bool", [0], false],
  ["bool", [1], true],
  ["publicKey", zeros(32), ZERO_KEY],
  ["publicKey", ones(32), ONE_KEY],
  ["string", [2, 0, 0, 0, 104, 105], "hi"],
  ["string", [0, 0, 0, 0], ""],
  ["string64", [2, 0, 0, 0, 0, 0, 0, 0, 195, 188], "ü"],
  ["text", [104, 105], "hi"],
  ["text", [], ""],
  ["text", [239, 187, 191, 104], "\uFEFFh"],
  ["text", [104, 0], "h\0"],
  ["bytes", [222, 173], "dead"],
  ["bytes", [], ""],
  ["sizedBytes", [2, 0, 0, 0, 222, 173], "dead"],
  ["sizedBytes", [0, 0, 0, 0], ""],
  ["option<u8>", [0], null],
  ["option<u8>", [1, 0], 0n],
  ["option<u64>", [1, 9, ...zeros(7)], 9n],
  ["option<u16>", [1, 1, 2], 513n],
  ["option<u32>", [0], null],
  ["option<u32>", [1, 9, 0, 0, 0], 9n],
  ["option<u128>", [1, ...zeros(15), 128], 2n ** 127n],
  ["option<i64>", [1, ...zeros(7), 128], -(2n ** 63n)],
  ["option<bool>", [1, 0], false],
  ["option<string>", [1, 2, 0, 0, 0, 104, 105], "hi"],
  ["option<publicKey>", [1, ...ones(32)], ONE_KEY],
  ["coption<publicKey>", [0, 0, 0, 0], null],
  ["coption<publicKey>", [1, 0, 0, 0, ...ones(32)], ONE_KEY],
  ["zeroable<publicKey>", zeros(32), null],
  ["zeroable<publicKey>", ones(32), ONE_KEY],
  ["vec64<publicKey>", zeros(8), []],
  ["vec64<publicKey>", [2, ...zeros(7), ...ones(32), ...zeros(32)], [ONE_KEY, ZERO_KEY]],
  ["rest<u16>", [], []],
  ["rest<u16>", [7, 0, 1, 1], ["7", "257"]],
  ["metadataField", [0], "name"],
  ["metadataField", [2], "uri"],
  ["metadataField", [3, 4, 0, 0, 0, 110, 97, 109, 101], "key:name"],
];

const TYPES: readonly FieldType[] = [...new Set(SPELLINGS.map(([type]) => type))];
const read = (type: FieldType, data: readonly number[]): ArgumentValue | undefined =>
  readArguments([{ name: "it", type }], Uint8Array.from(data))?.get("it");

describe("a value is read from its only spelling", () => {
  test.each(SPELLINGS)("%s %j", (type, data, value) => {
    expect(read(type, data)).toEqual(value);
  });

  test("a float that is a subnormal number keeps each digit", () => {
    expect(read("f64", [1, ...zeros(7)])).toBe("5e-324");
  });
});

describe("a second spelling, and what is no value at all, is not read", () => {
  test.each<[string, FieldType, readonly number[]]>([
    ["a truth that is neither 0 nor 1", "bool", [2]],
    ["an option whose tag is neither 0 nor 1", "option<u64>", [2, ...zeros(8)]],
    ["an option that is absent and there all the same", "option<u8>", [0, 0]],
    ["an option that is promised and absent", "option<u8>", [1]],
    ["a wide tag whose upper bytes are not zero", "coption<publicKey>", [1, 1, 0, 0, ...ones(32)]],
    ["a float that is not a number", "f64", [0, 0, 0, 0, 0, 0, 248, 127]],
    ["an infinite float", "f64", [0, 0, 0, 0, 0, 0, 240, 127]],
    ["a negative zero", "f64", [...zeros(7), 128]],
    ["bytes that are no UTF-8", "text", [255]],
    ["a letter in more bytes than it needs", "text", [0xc1, 0xa1]],
    ["half a surrogate pair", "text", [0xed, 0xa0, 0x80]],
    ["text that is cut within a letter", "string", [1, 0, 0, 0, 195]],
    ["text that is shorter than its length says", "string", [3, 0, 0, 0, 104, 105]],
    ["text whose length is beyond any data", "string64", [255, 255, 255, 255, 255, 255, 255, 255, 104]],
    ["keys whose count is beyond any data", "vec64<publicKey>", [...zeros(7), 128, ...ones(32)]],
    ["fewer keys than are counted", "vec64<publicKey>", [2, ...zeros(7), ...ones(32)]],
    ["half a number", "rest<u16>", [7, 0, 1]],
    ["a metadata field that there is not", "metadataField", [4]],
    ["no metadata field", "metadataField", []],
    ["a metadata key without its text", "metadataField", [3]],
  ])("%s", (_, type, data) => {
    expect(read(type, data)).toBeUndefined();
  });

  const closed = SPELLINGS.filter(([type]) => type !== "bytes" && type !== "text");

  test.each(closed)("%s %j with a byte behind it", (type, data) => {
    expect(read(type, [...data, 0])).toBeUndefined();
  });

  test.each(closed.filter(([, data]) => data.length > 0))("%s %j without its last byte", (type, data) => {
    expect(read(type, data.slice(0, -1))).toBeUndefined();
  });
});

describe("several arguments", () => {
  test("are read one behind the other, in their order", () => {
    const fields = [
      { name: "amount", type: "u64" },
      { name: "decimals", type: "u8" },
    ] as const;
    const values = readArguments(fields, Uint8Array.from([1, ...zeros(7), 6]));
    expect([...(values ?? [])]).toEqual([
      ["amount", 1n],
      ["decimals", 6n],
    ]);
  });

  test("that are none are read from no data, and from nothing else", () => {
    expect(readArguments([], new Uint8Array())).toEqual(new Map());
    expect(readArguments([], new Uint8Array(1))).toBeUndefined();
  });

  test("are read from where their bytes begin, also within a larger buffer", () => {
    const data = Uint8Array.from([9, 9, 0, 0, 0, 0, 0, 0, 248, 63, 9]).subarray(2, 10);
    expect(readArguments([{ name: "it", type: "f64" }], data)).toEqual(new Map([["it", "1.5"]]));
  });

  test("whatever bytes there are, nothing is thrown, and what is read is written with the same bytes", () => {
    const byte = fc.oneof(fc.constantFrom(0, 0, 0, 1, 1, 2, 3, 32, 104, 128, 255), fc.nat({ max: 255 }));
    const types = fc.array(fc.constantFrom(...TYPES), { maxLength: 4 });
    let decoded = 0;
    fc.assert(
      fc.property(types, fc.array(byte, { maxLength: 80 }), (list, data) => {
        const fields = list.map((type, index) => ({ name: String(index), type }));
        const values = readArguments(fields, Uint8Array.from(data));
        if (values === undefined) return;
        decoded += 1;
        expect(writeArguments(fields, values)).toEqual(data);
      }),
      { numRuns: 5000 },
    );
    expect(decoded).toBeGreaterThan(50);
  });
});

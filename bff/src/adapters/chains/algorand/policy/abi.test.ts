import { ABIMethod, ABIType, type ABIValue } from "algosdk";
import { describe, expect, test } from "vitest";
import { FRIEND, groupInput, STRANGER, USER } from "../../../../../test/support/algorand-groups.ts";
import { calls } from "../../../../../test/support/algorand-groups.ts";
import type { ApplicationCall } from "../group/decoded-group.ts";
import { isAbiType, parseMethod, readArguments, selectorOf } from "./abi.ts";

/** A call with these arguments behind a selector, as it is decoded. */
function callWith(...places: readonly Uint8Array[]): ApplicationCall {
  const fields = {
    apaa: [new Uint8Array(4), ...places],
    apat: [FRIEND.publicKey, STRANGER.publicKey],
    apas: [31n, 32n],
    apfa: [501n],
  };
  const transaction = groupInput({ user: [calls(fields)] }).group.entries[1]?.transaction;
  if (transaction?.type !== "appl") throw new Error("a call is no call");
  return transaction;
}

const read = (type: string, bytes: Uint8Array | readonly number[]) =>
  readArguments(callWith(Uint8Array.from(bytes)), [type]).get("argument1");
const encode = (type: string, value: ABIValue): Uint8Array => ABIType.from(type).encode(value);

describe("a method", () => {
  test.each([
    "add(uint64,uint64)uint64",
    "go()void",
    "swap(axfer,pay,address,account,(uint64,byte[32])[],bool)(uint64,string)",
    "name(string,asset,application)string",
    "deep(((uint8,uint8),uint8[3])[2],ufixed64x4)void",
  ])("%s has the selector that algosdk gives it", (text) => {
    expect(parseMethod(text).selector).toBe(Buffer.from(ABIMethod.fromSignature(text).getSelector()).toString("hex"));
  });

  test("is told apart into the types of its arguments, and those alone that have a place in the call", () => {
    expect(parseMethod("swap(axfer,(uint64,byte[32])[],pay,bool)(uint64,string)")).toMatchObject({
      types: ["(uint64,byte[32])[]", "bool"],
      result: "(uint64,string)",
    });
    expect(parseMethod("go()void")).toMatchObject({ types: [], result: "void" });
  });

  test("takes none of its arguments' places for a transaction, of whatever type", () => {
    expect(parseMethod("all(txn,pay,keyreg,acfg,axfer,afrz,appl,uint64)void").types).toEqual(["uint64"]);
  });

  test("of which only the selector is known has no types", () => {
    expect(parseMethod("0a1b2c3d")).toEqual({ selector: "0a1b2c3d", types: undefined, result: undefined });
  });
});

test("a call's selector is its first argument, where that has four bytes", () => {
  expect(selectorOf(callWith())).toBe("00000000");
  expect(selectorOf({ ...callWith(), arguments: [] })).toBeUndefined();
  expect(selectorOf({ ...callWith(), arguments: [new Uint8Array(5)] })).toBeUndefined();
});

describe("an argument is read as its type says", () => {
  test.each([
    ["uint64", 7n, 7n],
    ["uint8", 255, 255n],
    ["uint256", 2n ** 255n, 2n ** 255n],
    ["byte", 9, 9n],
    ["bool", true, true],
    ["bool", false, false],
    ["string", "gm ☀", "gm ☀"],
    ["string", "", ""],
    ["address", USER.address, USER.address],
    ["byte[]", Uint8Array.of(1, 2), "00020102"],
    ["(uint8,bool)", [5, true], "0580"],
  ] as const)("%s %s", (type, value, expected) => {
    expect(read(type, encode(type, value as ABIValue))).toBe(expected);
  });

  test.each([
    ["account", [0], USER.address],
    ["account", [2], STRANGER.address],
    ["asset", [1], 32n],
    ["application", [0], 77n],
    ["application", [1], 501n],
  ] as const)("%s at %j is what the call names there", (type, bytes, expected) => {
    expect(read(type, bytes)).toBe(expected);
  });

  test.each([
    ["uint64", [0, 0, 0, 7]],
    ["uint8", []],
    ["byte", [1, 2]],
    ["bool", [1]],
    ["bool", [0x80, 0]],
    ["string", [0]],
    ["string", [0, 2, 65]],
    ["string", [0, 1, 65, 66]],
    ["address", new Uint8Array(31)],
    ["account", [3]],
    ["account", []],
    ["asset", [2]],
    ["application", [2]],
  ] as const)("%s from %j is none, so no predicate holds for it", (type, bytes) => {
    expect(read(type, bytes)).toBeUndefined();
  });

  test("and without a type as its bytes; the selector always so", () => {
    const values = readArguments(callWith(Uint8Array.of(0xab)), undefined);
    expect([...values]).toEqual([
      ["argument0", "00000000"],
      ["argument1", "ab"],
    ]);
    expect(readArguments(callWith(Uint8Array.of(0xab)), ["byte"]).get("argument0")).toBe("00000000");
    expect(readArguments(callWith(Uint8Array.of(1), Uint8Array.of(2)), ["byte"]).get("argument2")).toBe("02");
  });

  test("in the fifteenth place as its bytes, where a tuple of all others stands", () => {
    const places = Array.from({ length: 15 }, () => Uint8Array.of(1));
    const of = (count: number) =>
      readArguments(
        callWith(...places),
        Array.from({ length: count }, () => "byte"),
      ).get("argument15");
    expect(of(15)).toBe(1n);
    expect(of(16)).toBe("01");
  });
});

test.each([
  ["uint64", true],
  ["uint512", true],
  ["uint520", false],
  ["uint7", false],
  ["uint0", false],
  ["uint", false],
  ["unt64", false],
  ["ufixed64x4", true],
  ["byte", true],
  ["bool", true],
  ["address", true],
  ["string", true],
  ["account", true],
  ["byte[32]", true],
  ["byte[]", true],
  ["byte[][3]", true],
  ["byte[-1]", false],
  ["byte[x]", false],
  ["(uint64,bool)", true],
  ["((uint8,bool)[],string)[2]", true],
  ["(uint64,unt8)", false],
  ["(uint64", false],
  ["()", true],
  ["", false],
])("%s is a type of ARC-4: %s", (type, isOne) => {
  expect(isAbiType(type)).toBe(isOne);
});

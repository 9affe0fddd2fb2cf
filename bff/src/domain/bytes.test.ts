import { describe, expect, test } from "vitest";
import { concatBytes, equalBytes, isZero, lengthPrefixed, uint32 } from "./bytes.ts";

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

describe("bytes", () => {
  test("are equal when they are the same, and not when one is longer or another", () => {
    expect(equalBytes(bytes(), bytes())).toBe(true);
    expect(equalBytes(bytes(1, 2), bytes(1, 2))).toBe(true);
    expect(equalBytes(bytes(1, 2), bytes(1, 2, 0))).toBe(false);
    expect(equalBytes(bytes(0, 0), bytes(0))).toBe(false);
    for (const at of [0, 1, 2]) expect(equalBytes(bytes(1, 2, 3), bytes(1, 2, 3).fill(9, at, at + 1))).toBe(false);
  });

  test("join in order, and leave what they were made of alone", () => {
    const part = bytes(1, 2);
    const whole = concatBytes(part, bytes(), bytes(3));
    whole[0] = 9;
    expect([...whole]).toEqual([9, 2, 3]);
    expect([...part]).toEqual([1, 2]);
  });

  test("behind their lengths cannot be cut in another place", () => {
    expect([...lengthPrefixed(bytes(7), bytes())]).toEqual([0, 0, 0, 1, 7, 0, 0, 0, 0]);
    expect(lengthPrefixed(bytes(1, 2), bytes(3))).not.toEqual(lengthPrefixed(bytes(1), bytes(2, 3)));
    expect(lengthPrefixed(bytes())).not.toEqual(lengthPrefixed());
  });

  test("of a number are four, the highest first", () => {
    expect([...uint32(0x01020304)]).toEqual([1, 2, 3, 4]);
    expect([...uint32(2 ** 32 - 1)]).toEqual([255, 255, 255, 255]);
  });

  test("are zero only when all of them are", () => {
    expect(isZero(new Uint8Array(64))).toBe(true);
    expect(isZero(new Uint8Array(64).fill(1, 63))).toBe(false);
  });
});

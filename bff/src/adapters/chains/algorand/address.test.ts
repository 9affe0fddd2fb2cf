import * as algosdk from "algosdk";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import mx from "../../../../test/vectors/algorand/mx_signbytes_algosdk.json" with { type: "json" };
import { encodeAddress, parseAddress, publicKeyOf, ZERO_ADDRESS } from "./address.ts";

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const LETTERS = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");

describe("an address", () => {
  test("is what algosdk writes for its key, and gives the key back", () => {
    fc.assert(
      fc.property(key, (bytes) => {
        const address = encodeAddress(bytes);
        expect(address).toBe(algosdk.encodeAddress(bytes));
        expect(publicKeyOf(address)).toEqual(bytes);
        expect(parseAddress(address)).toBe(address);
      }),
    );
  });

  test("of nobody is the zero address", () => {
    expect(encodeAddress(new Uint8Array(32))).toBe(ZERO_ADDRESS);
  });

  test("has four spellings of its last character, which are one address", () => {
    const spellings = mx.non_canonical_address_variants_that_must_be_rejected_or_normalised;
    expect(spellings).toHaveLength(3);
    expect(spellings.map(parseAddress)).toEqual(spellings.map(() => mx.address));
  });

  test("has no fifth: every other last character is refused", () => {
    const others = LETTERS.map((letter) => mx.address.slice(0, -1) + letter).filter((text) => !parseAddress(text));
    expect(others).toHaveLength(LETTERS.length - 4);
  });
});

describe("no address is", () => {
  const flip = (at: number): string =>
    mx.address.slice(0, at) + (mx.address[at] === "A" ? "B" : "A") + mx.address.slice(at + 1);

  test("one with another character anywhere", () => {
    for (let at = 0; at < mx.address.length - 1; at++) expect(parseAddress(flip(at)), String(at)).toBeUndefined();
  });

  test.each([
    ["nothing", ""],
    ["lower case", mx.address.toLowerCase()],
    ["a character too few", mx.address.slice(1)],
    ["a character too many", `${mx.address}A`],
    ["padding", `${mx.address}======`],
    ["a line break", `${mx.address}\n`],
    ["a digit that base32 does not have", `${mx.address.slice(0, -1)}1`],
    ["a Solana address", "7v91N7iZ9mNicL8WfG6cgSCKyRXydQjLh6UYBWwm6y1Q"],
  ])("%s", (_name, text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test("any text out of nowhere", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 58, maxLength: 58 })),
        (text) => {
          expect(parseAddress(text)).toBeUndefined();
        },
      ),
    );
  });
});

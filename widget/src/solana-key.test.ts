import { base58 } from "@scure/base";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeKey, encodeKey } from "./solana-key.ts";

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

test("a key reads as every other base58 coder reads it, with leading zeros, and comes back as it was", () => {
  const zeros = fc.tuple(key, fc.nat({ max: 32 })).map(([bytes, count]) => bytes.fill(0, 0, count));
  fc.assert(
    fc.property(fc.oneof(key, zeros), (bytes) => {
      expect(encodeKey(bytes)).toBe(base58.encode(bytes));
      expect(decodeKey(base58.encode(bytes))).toEqual(Uint8Array.from(bytes));
    }),
  );
});

test("what is no address is refused: another length, another alphabet, something at its edge", () => {
  const address = base58.encode(new Uint8Array(32).fill(200));
  const others = [31, 33].flatMap((length) => [new Uint8Array(length).fill(7), new Uint8Array(length).fill(255)]);
  const texts = ["", "0", `${address} `, ` ${address}`, `1${address}`, address.replace(/.$/, "l"), "z".repeat(44)];
  for (const text of [...texts, ...others.map((bytes) => base58.encode(bytes)), "1".repeat(100_000)]) {
    expect(() => decodeKey(text), text.slice(0, 50)).toThrow("no Solana address");
  }
});

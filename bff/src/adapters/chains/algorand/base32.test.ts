import { base32nopad } from "@scure/base";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase32, encodeBase32 } from "./base32.ts";

test("bytes are written as others write them, and read back as they were", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(encodeBase32(bytes)).toBe(base32nopad.encode(bytes));
      expect(decodeBase32(encodeBase32(bytes))).toEqual(bytes);
    }),
  );
});

test.each(["a", "AA=", "A1", "A\n", "A ", "Á"])("%j is no base32", (text) => {
  expect(decodeBase32(text)).toBeUndefined();
});

import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sha512_256 } from "./sha512-256.ts";

const reference = (bytes: Uint8Array): string => createHash("sha512-256").update(bytes).digest("hex");
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("a hash is what the standard says, on both sides of every block's end", () => {
  for (const length of [0, 1, 55, 56, 110, 111, 112, 127, 128, 129, 239, 240, 255, 256, 257, 1_000]) {
    const bytes = Uint8Array.from({ length }, (_, index) => index * 7);
    expect([length, hex(sha512_256(bytes))]).toEqual([length, reference(bytes)]);
  }
});

test("a hash of parts is the hash of what they are together", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), (parts) => {
      expect(hex(sha512_256(...parts))).toBe(reference(Buffer.concat(parts)));
    }),
    { numRuns: 50 },
  );
});

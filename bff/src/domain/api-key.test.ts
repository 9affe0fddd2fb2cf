import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { API_KEY_BYTES, formatApiKey } from "./api-key.ts";

const make = (environment: "test" | "live" = "test") =>
  formatApiKey("publishable", environment, randomBytes(API_KEY_BYTES)) ?? "";
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

describe("a key", () => {
  test("names its kind and environment, and is one word that a browser can send", () => {
    expect(make()).toMatch(/^pk_test_[0-9A-Za-z]{30}$/);
    expect(make("live")).toMatch(/^pk_live_[0-9A-Za-z]{30}$/);
  });

  test("ends with the CRC-32 of what is before, by which scanners know it", () => {
    for (let count = 0; count < 200; count++) {
      const key = make();
      const value = Array.from(key.slice(-6)).reduce((sum, character) => sum * 62 + BASE62.indexOf(character), 0);
      expect(value).toBe(crc32(key.slice(0, -6)));
    }
  });

  test("takes every character of the alphabet equally often", () => {
    const counts = new Map<string, number>();
    for (let count = 0; count < 5_000; count++) {
      for (const character of make().slice(8, 32)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    const expected = (5_000 * 24) / 62;
    expect(counts.size).toBe(62);
    // Six standard deviations.
    for (const seen of counts.values()) expect(Math.abs(seen - expected)).toBeLessThan(6 * Math.sqrt(expected));
  });

  test("is not made of bytes that are not fair", () => {
    expect(formatApiKey("publishable", "test", new Uint8Array(API_KEY_BYTES).fill(255))).toBeUndefined();
    const bytes = new Uint8Array(API_KEY_BYTES).fill(255, 24);
    expect(formatApiKey("publishable", "test", bytes)).toMatch(/^pk_test_0{24}/);
  });
});

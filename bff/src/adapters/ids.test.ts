import { describe, expect, test } from "vitest";
import { idOf } from "../contract/index.ts";
import { createRandom } from "./ids.ts";

describe("an id", () => {
  test("sorts by the time it was made", () => {
    const times = [0, 1, 31, 32, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48 - 1];
    const ids = times.map((time) => createRandom(() => time).id("ses"));
    expect(ids.toSorted()).toEqual(ids);
  });

  test("has its prefix and the form that the contract reads", () => {
    const { id } = createRandom(Date.now);
    for (const prefix of ["ses", "usr", "rly", "req"]) expect(idOf(prefix).safeParse(id(prefix)).success).toBe(true);
  });

  test("is another one each time, also within a millisecond", () => {
    const { id, uuid } = createRandom(() => 1);
    expect(new Set(Array.from({ length: 1_000 }, () => id("ses"))).size).toBe(1_000);
    expect(new Set(Array.from({ length: 100 }, uuid)).size).toBe(100);
  });

  test("is made of as many random bytes as were asked for", () => {
    const { bytes } = createRandom(Date.now);
    expect([0, 1, 32].map((length) => bytes(length).length)).toEqual([0, 1, 32]);
    expect(bytes(32)).not.toEqual(bytes(32));
  });
});

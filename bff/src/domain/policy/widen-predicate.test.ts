import { describe, expect, test } from "vitest";
import { mismatchOf } from "./predicate.ts";
import { widenPredicate } from "./widen-predicate.ts";

describe("a predicate after the least change that lets a value be", () => {
  test.each([
    [{ eq: "a" }, "b", { in: ["a", "b"] }],
    [{ in: ["a"] }, null, { in: ["a", null] }],
    [{ eq: true }, false, { in: [true, false] }],
    [{ lte: "5" }, 9n, { lte: "9" }],
    [{ lt: "5", gte: "2" }, 9n, { lt: "10", gte: "2" }],
    [{ lt: "5", gt: "2" }, 1n, { lt: "5", gt: "0" }],
    [{ eq: "5" }, 9n, { in: ["5", "9"] }],
    [{ eq: "a" }, "a", { eq: "a" }],
  ] as const)("%j and %s: %j", (predicate, value, wider) => {
    const widened = widenPredicate(predicate, value);
    expect(widened).toEqual(wider);
    expect(widened && mismatchOf(widened, value)).toBeUndefined();
  });

  test.each([
    ["what is excluded by name", { not: { eq: "thief" } }, "thief"],
    ["a choice within bounds", { in: ["1", "2"], lt: "9" }, 10n],
    ["nested conditions", { any: [{ eq: "a" }] }, "b"],
    ["a beginning", { startsWith: "a" }, "b"],
    ["a bound of something that is no number", { lt: "5" }, "text"],
    ["a list", { eq: "a" }, ["a"]],
    ["as many choices as there may be", { in: Array.from({ length: 200 }, (_, index) => String(index)) }, "more"],
  ] as const)("is none for %s", (_, predicate, value) => {
    expect(widenPredicate(predicate, value)).toBeUndefined();
  });
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Predicate } from "../../contract/policy.ts";
import { mismatchOf, sayValue } from "./predicate.ts";
import type { ArgumentValue } from "./programs/shape.ts";

const U64_MAX = 2n ** 64n - 1n;
const KEY = "4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi";
const isFit = (predicate: Predicate, value: ArgumentValue): boolean => mismatchOf(predicate, value) === undefined;

describe("a value is what the predicate demands", () => {
  test.each<[Predicate, ArgumentValue]>([
    [{ eq: "7" }, 7n],
    [{ eq: "007" }, 7n],
    [{ eq: "-0" }, 0n],
    [{ eq: "-7" }, -7n],
    [{ eq: "18446744073709551615" }, U64_MAX],
    [{ eq: KEY }, KEY],
    [{ eq: "007" }, "007"],
    [{ eq: true }, true],
    [{ eq: false }, false],
    [{ eq: null }, null],
    [{ eq: "" }, ""],
    [{ in: ["1", "2"] }, 2n],
    [{ in: [null, KEY] }, null],
    [{ in: [true, "x"] }, "x"],
    [{ lt: "8" }, 7n],
    [{ lte: "7" }, 7n],
    [{ gt: "6" }, 7n],
    [{ gte: "7" }, 7n],
    [{ lt: "0" }, -1n],
    [{ gt: "-2" }, -1n],
    [{ lte: "007" }, 7n],
    [{ lte: "18446744073709551615" }, U64_MAX],
    [{ gt: "5", lt: "8", eq: "7" }, 7n],
    [{ startsWith: "dead" }, "deadbeef"],
    [{ startsWith: "4vJ9" }, KEY],
    [{ all: [{ gt: "1" }, { lt: "9" }] }, 5n],
    [{ any: [{ eq: "1" }, { eq: "5" }] }, 5n],
    [{ not: { eq: "6" } }, 5n],
    [{ not: { eq: null } }, KEY],
    [{ any: [{ all: [{ gte: "1" }, { not: { in: ["2", "3"] } }] }, { eq: null }] }, 5n],
    [{ any: [{ all: [{ gte: "1" }, { not: { in: ["2", "3"] } }] }, { eq: null }] }, null],
  ])("%j takes %s", (predicate, value) => {
    expect(mismatchOf(predicate, value)).toBeUndefined();
  });
});

describe("a value is another one", () => {
  test.each<[Predicate, ArgumentValue]>([
    [{ eq: "7" }, 8n],
    [{ eq: "7.0" }, 7n],
    [{ eq: "0x7" }, 7n],
    [{ eq: " 7" }, 7n],
    [{ eq: "7n" }, 7n],
    [{ eq: "" }, 0n],
    [{ eq: "-" }, 0n],
    [{ eq: null }, 0n],
    [{ eq: false }, 0n],
    [{ eq: true }, 1n],
    [{ eq: "null" }, null],
    [{ eq: "true" }, true],
    [{ eq: "7" }, "07"],
    [{ eq: KEY }, KEY.toLowerCase()],
    [{ in: ["1", "2"] }, 3n],
    [{ in: ["1", "2"] }, null],
    [{ startsWith: "dead" }, "deaf"],
    [{ any: [{ eq: "1" }, { lt: "0" }] }, 5n],
    [{ any: [] }, 5n],
    [{ not: { eq: "5" } }, 5n],
    [{ not: { all: [{ gt: "1" }, { lt: "9" }] } }, 5n],
    [{ all: [{ gt: "1" }, { eq: "9" }] }, 5n],
    [{ eq: "5", not: { eq: "5" } }, 5n],
  ])("%j refuses %s", (predicate, value) => {
    expect(mismatchOf(predicate, value)).toEqual({ kind: "different" });
  });
});

describe("of a value whose type the predicate says nothing about, neither it nor its opposite holds", () => {
  test.each<[Predicate, ArgumentValue]>([
    [{ eq: "1" }, ["1"]],
    [{ eq: "" }, []],
    [{ in: [KEY] }, [KEY]],
    [{ startsWith: "1" }, 10n],
    [{ startsWith: "t" }, true],
    [{ startsWith: "n" }, null],
    [{ startsWith: KEY }, [KEY]],
    [{ lt: "8" }, null],
    [{ lte: "8" }, "7"],
    [{ gt: "0" }, true],
    [{ gte: "0" }, ["7"]],
    [{ any: [{ eq: "5" }, { gt: "1" }] }, null],
    [{ all: [{ eq: null }, { gt: "1" }] }, null],
    [{ not: { lt: "1" } }, null],
  ])("%j on %s", (predicate, value) => {
    expect(mismatchOf(predicate, value)).toEqual({ kind: "unfit" });
    expect(mismatchOf({ not: predicate }, value)).toEqual({ kind: "unfit" });
    expect(isFit({ not: { not: predicate } }, value)).toBe(false);
  });

  test("an amount that is absent, and so means everything, is under no bound", () => {
    expect([{ lte: "100" }, { not: { gt: "100" } }].some((predicate) => isFit(predicate, null))).toBe(false);
  });

  test("but another choice of an `any` may still hold", () => {
    expect(isFit({ any: [{ gt: "1" }, { eq: null }] }, null)).toBe(true);
  });
});

describe("a value is beyond a bound, which is told", () => {
  test.each<[Predicate, bigint, string]>([
    [{ lt: "7" }, 7n, "7"],
    [{ lte: "6" }, 7n, "6"],
    [{ gt: "7" }, 7n, "7"],
    [{ gte: "8" }, 7n, "8"],
    [{ lt: "-1" }, -1n, "-1"],
    [{ gte: "0" }, -1n, "0"],
    [{ lte: "18446744073709551614" }, U64_MAX, "18446744073709551614"],
    [{ lte: "999999999999999999999999999999999999999" }, 2n ** 130n, "999999999999999999999999999999999999999"],
    [{ gte: "1", lte: "6" }, 7n, "6"],
    [{ all: [{ gte: "1" }, { lte: "6" }] }, 7n, "6"],
    [{ all: [{ all: [{ lte: "6" }] }] }, 7n, "6"],
    [{ in: ["7"], lte: "6" }, 7n, "6"],
  ])("%j is exceeded by %s", (predicate, value, limit) => {
    expect(mismatchOf(predicate, value)).toEqual({ kind: "exceeded", limit });
  });

  test("but another value is told as such first: raising the bound would not help", () => {
    expect(mismatchOf({ eq: "1", lte: "6" }, 7n)).toEqual({ kind: "different" });
  });
});

const value: fc.Arbitrary<ArgumentValue> = fc.oneof(
  fc.integer({ min: -4, max: 4 }).map(BigInt),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 128n }),
);
const anyValue: fc.Arbitrary<ArgumentValue> = fc.oneof(
  value,
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom("", "a", "ab", "b", "1"),
  fc.constantFrom([], ["a"]),
);
const whole = fc.oneof(
  fc.integer({ min: -4, max: 4 }).map(String),
  fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }).map(String),
);
const constant = fc.oneof(whole, fc.boolean(), fc.constant(null), fc.constantFrom("a", "ab", ""));
const leaf: fc.Arbitrary<Predicate> = fc.oneof(
  fc.record({ eq: constant }),
  fc.record({ in: fc.array(constant, { minLength: 1, maxLength: 3 }) }),
  fc.record({ lt: whole }),
  fc.record({ lte: whole }),
  fc.record({ gt: whole }),
  fc.record({ gte: whole }),
  fc.record({ gte: whole, lt: whole }),
);
const { predicate } = fc.letrec<{ predicate: Predicate }>((tie) => ({
  predicate: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    leaf,
    fc.record({ all: fc.array(tie("predicate"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("predicate"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie("predicate") }),
  ),
}));
const predicates = fc.array(predicate, { minLength: 1, maxLength: 3 });

describe("the operators keep the laws of logic, whatever is nested", () => {
  test("not not p is p", () => {
    fc.assert(
      fc.property(predicate, value, (p, it) => {
        expect(isFit({ not: { not: p } }, it)).toBe(isFit(p, it));
      }),
      { numRuns: 1_000 },
    );
  });

  test("what is not p is whatever p refuses", () => {
    fc.assert(
      fc.property(predicate, value, (p, it) => {
        expect(isFit({ not: p }, it)).toBe(!isFit(p, it));
      }),
      { numRuns: 1_000 },
    );
  });

  test("not all of them is any that is not, and not any of them is all that are not", () => {
    fc.assert(
      fc.property(predicates, value, (list, it) => {
        const opposites = list.map((p) => ({ not: p }));
        expect(isFit({ not: { all: list } }, it)).toBe(isFit({ any: opposites }, it));
        expect(isFit({ not: { any: list } }, it)).toBe(isFit({ all: opposites }, it));
      }),
      { numRuns: 1_000 },
    );
  });

  test("a predicate and its opposite never both hold, whatever the value is", () => {
    fc.assert(
      fc.property(predicate, anyValue, (p, it) => {
        expect(isFit(p, it) && isFit({ not: p }, it)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  test("several operators side by side are all of them", () => {
    fc.assert(
      fc.property(leaf, leaf, predicates, value, (one, other, list, it) => {
        const beside = { ...one, ...other, all: list };
        const apart = Object.entries({ ...one, ...other }).map(([operator, operand]) => ({ [operator]: operand }));
        expect(isFit(beside, it)).toBe(isFit({ all: [...apart, ...list] }, it));
      }),
      { numRuns: 1_000 },
    );
  });

  test("an integer is below, at or above a bound, and nothing else", () => {
    fc.assert(
      fc.property(whole, whole, (bound, text) => {
        const it = BigInt(text);
        const [below, at, above] = [{ lt: bound }, { eq: bound }, { gt: bound }].map((p) => isFit(p, it));
        expect([below, at, above].filter(Boolean)).toHaveLength(1);
        expect(isFit({ lte: bound }, it)).toBe(below === true || at === true);
        expect(isFit({ gte: bound }, it)).toBe(above === true || at === true);
      }),
      { numRuns: 1_000 },
    );
  });
});

test("a value is said in the words of a policy", () => {
  expect([7n, -7n, U64_MAX, true, null, "a", ["a"]].map(sayValue)).toEqual([
    "7",
    "-7",
    "18446744073709551615",
    true,
    null,
    "a",
    ["a"],
  ]);
});

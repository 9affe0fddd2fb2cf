import { describe, expect, test } from "vitest";
import type { Predicate } from "../../contract/policy.ts";
import { mismatchOf } from "./predicate.ts";

const DIFFERENT: Predicate = { eq: "another" };
/** Bounds say nothing of a text. */
const UNFIT: Predicate = { lt: "5" };

describe("what cannot be asked of a value allows nothing when it is negated", () => {
  test.each<[string, Predicate]>([
    ["alone", UNFIT],
    ["behind a part that does not match", { all: [DIFFERENT, UNFIT] }],
    ["before a part that does not match", { all: [UNFIT, DIFFERENT] }],
    ["among alternatives of which none matches", { any: [DIFFERENT, UNFIT] }],
    ["behind alternatives of which none matches", { any: [DIFFERENT], all: [UNFIT] }],
  ])("%s", (_, predicate) => {
    expect(mismatchOf({ not: predicate }, "text")).toEqual({ kind: "unfit" });
  });

  test("while the negation of what only differs is a match", () => {
    expect(mismatchOf({ not: { all: [DIFFERENT, DIFFERENT] } }, "text")).toBeUndefined();
  });
});

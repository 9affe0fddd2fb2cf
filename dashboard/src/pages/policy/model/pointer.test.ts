import { describe, expect, test } from "vitest";
import { appendAt, isWithin, pointerOf, readAt, removeAt, setAt, stepsOf } from "./pointer.ts";

const document = { allow: [{ instruction: "transfer", arguments: { amount: { lte: "5" } } }, { instruction: "burn" }] };

describe("edits by place", () => {
  test("one value changes, and what is not on the way is the same object", () => {
    const next = setAt(document, ["allow", 0, "arguments", "amount", "lte"], "9");
    expect(readAt(next, ["allow", 0, "arguments", "amount"])).toEqual({ lte: "9" });
    expect(readAt(next, ["allow", 1])).toBe(document.allow[1]);
    expect(document.allow[0]?.arguments?.amount).toEqual({ lte: "5" });
  });

  test("undefined takes a field away, and an element out of its list", () => {
    expect(setAt(document, ["allow", 0, "arguments"], undefined)["allow"]).toEqual([
      { instruction: "transfer" },
      { instruction: "burn" },
    ]);
    expect(setAt(document, ["allow", 0], undefined)["allow"]).toEqual([{ instruction: "burn" }]);
  });

  test("what would be left empty around it goes too, but never the allowlist", () => {
    const nested = { allow: [{ instruction: "burn", arguments: { amount: { any: [{ lte: "5" }] } } }] };
    expect(removeAt(nested, ["allow", 0, "arguments", "amount", "any", 0, "lte"])).toEqual({
      allow: [{ instruction: "burn" }],
    });
    expect(removeAt({ allow: [{ instruction: "burn" }] }, ["allow", 0])).toEqual({ allow: [] });
  });

  test("a changed field keeps its place among the others", () => {
    expect(Object.keys(setAt({ one: 1, two: 2, three: 3 }, ["two"], 9))).toEqual(["one", "two", "three"]);
  });

  test("places that are not there are made on the way", () => {
    expect(setAt({}, ["allow", 0, "accounts", "mint"], { eq: "x" })).toEqual({
      allow: [{ accounts: { mint: { eq: "x" } } }],
    });
    expect(appendAt({}, ["allow"], 1)).toEqual({ allow: [1] });
  });

  test("names of the prototype are neither read nor written", () => {
    expect(readAt({}, ["constructor"])).toBeUndefined();
    const next = setAt({}, ["__proto__", "isAdmin"], true);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(Object.hasOwn(next, "__proto__")).toBe(true);
  });
});

test("a pointer escapes what RFC 6901 says, and is read back", () => {
  const path = ["allow", 0, "a/b", "m~n"];
  expect(pointerOf(path)).toBe("/allow/0/a~1b/m~0n");
  expect(stepsOf(pointerOf(path))).toEqual(["allow", "0", "a/b", "m~n"]);
  expect(stepsOf("")).toEqual([]);
});

test("the tenth entry is not within the first", () => {
  expect(isWithin("/allow/1/program", "/allow/1")).toBe(true);
  expect(isWithin("/allow/10", "/allow/1")).toBe(false);
  expect(isWithin("/allow", "")).toBe(true);
});

import { describe, expect, test } from "vitest";
import {
  conditionsOf,
  digitsOf,
  emptyPredicate,
  kindOf,
  listOf,
  numbersFault,
  operatorsFor,
  renameOperator,
  valuesOf,
} from "./predicate.ts";

describe("predicates in a form", () => {
  test("only operators that can ever hold are offered for a type", () => {
    expect(operatorsFor(kindOf("option<u64>"), 0)).toContain("lte");
    expect(operatorsFor(kindOf("uint64"), 0)).toContain("gte");
    expect(operatorsFor(kindOf("by the method"), 0)).toEqual(expect.arrayContaining(["lte", "startsWith"]));
    expect(operatorsFor(kindOf("publicKey"), 0)).not.toContain("lte");
    expect(operatorsFor(kindOf("u8"), 0)).not.toContain("startsWith");
    expect(operatorsFor(kindOf("bool"), 3)).toEqual(["eq"]);
    expect(operatorsFor(kindOf("vec64<publicKey>"), 0)).toEqual([]);
  });

  test("nothing is nested deeper than it is read", () => {
    expect(operatorsFor("number", 2)).toContain("any");
    expect(operatorsFor("number", 3)).not.toContain("any");
  });

  test("another operator keeps the value where it still means something", () => {
    expect(renameOperator({ lte: "5" }, "lte", "gt", "number")).toEqual({ gt: "5" });
    expect(renameOperator({ eq: "a", startsWith: "b" }, "eq", "in", "text")).toEqual({ in: ["a"], startsWith: "b" });
    expect(renameOperator({ in: ["a", "b"] }, "in", "eq", "text")).toEqual({ eq: "a" });
    expect(renameOperator({ any: [{ eq: "a" }] }, "any", "all", "text")).toEqual({ all: [{ eq: "a" }] });
    expect(renameOperator({ not: { eq: "a" } }, "not", "eq", "text")).toEqual({ eq: "" });
  });

  test("what is no predicate is told apart from an empty one", () => {
    expect(conditionsOf({})).toEqual([]);
    expect(conditionsOf({ matches: "x" })).toBeUndefined();
    expect(conditionsOf({ constructor: "x" })).toBeUndefined();
    expect(conditionsOf(["eq"])).toBeUndefined();
  });

  test("a new condition demands something from the start", () => {
    expect(emptyPredicate("number")).toEqual({ lte: "0" });
    expect(emptyPredicate("text")).toEqual({ eq: "" });
    expect(emptyPredicate("bool")).toEqual({ eq: true });
  });

  test("lists are read by lines and commas, each value once", () => {
    expect(valuesOf(" a,\nb\n\na ")).toEqual(["a", "b"]);
  });

  test("several numbers are one a line, and a comma never makes two of one", () => {
    expect(listOf("1500\n 1_500\n2'000 \n\n7", "u64")).toEqual(["1500", "2000", "7"]);
    expect(listOf("1,500", "u64")).toEqual(["1,500"]);
    expect(numbersFault(listOf("7\n1,500", "option<u64>"))).toContain("“1,500” has a comma: write one number a line");
    expect(numbersFault(listOf("1 500", "u64"))).toBe("“1 500” are several numbers: write one a line.");
    expect(numbersFault(listOf("a few", "u64"))).toBe("“a few” is no whole number.");
    expect(numbersFault(["1500", "-7", "", null])).toBeUndefined();
  });

  test("a comma is a part of a text, and parts addresses", () => {
    expect(listOf("Hello, world\nBye", "string")).toEqual(["Hello, world", "Bye"]);
    expect(listOf("A, B\nC", "publicKey")).toEqual(["A", "B", "C"]);
  });

  test("a number may have its thousands apart; a comma that groups nothing makes it none, and never another", () => {
    for (const typed of ["1,000,000", "1_000_000", " 1 000 000", "1'000'000"]) expect(digitsOf(typed)).toBe("1000000");
    for (const typed of ["0,5", "1,5", "50,0", "0,005"]) expect(digitsOf(typed)).toBe(typed);
  });
});

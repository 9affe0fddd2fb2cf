import { describe, expect, test } from "vitest";
import { refuse } from "../refusal.ts";
import { type Fixer, proposeFor, type Repair } from "./amendment.ts";
import { fail, type Rule } from "./rule.ts";

/** A policy that is a set of words, and rules that each want one of them. */
interface Input {
  readonly document: readonly string[];
}
const wants = (word: string): Rule<Input> => ({
  name: word,
  check: ({ document }) => (document.includes(word) ? [] : [fail(refuse("policy.fee_exceeded", word), "Say it.")]),
});
const says =
  (...words: readonly string[]): Fixer<Input, readonly string[]> =>
  () => ({ description: `Say ${words.join(" and ")}.`, apply: (document) => [...document, ...words] });

function propose(
  words: readonly string[],
  fixers: Readonly<Record<string, Fixer<Input, readonly string[]>>>,
  document: readonly string[] = [],
) {
  const repair: Repair<Input, readonly string[]> = {
    rules: words.map(wants),
    fixerOf: (rule) => fixers[rule],
    documentOf: (input) => input.document,
    withDocument: (_, changed) => ({ document: changed }),
  };
  return proposeFor(repair, { document });
}

describe("what is proposed", () => {
  test("is one change for each rule that fails, then all of them", () => {
    expect(propose(["a", "b", "c"], { a: says("a"), b: says("b") }, ["c"])).toEqual([
      { rules: ["a"], description: "Say a.", document: ["c", "a"] },
      { rules: ["b"], description: "Say b.", document: ["c", "b"] },
      { rules: ["a", "b"], description: "Say a. Say b.", document: ["c", "a", "b"] },
    ]);
  });

  test("is one change where one way mends several rules", () => {
    const both = says("a", "b");
    expect(propose(["a", "b"], { a: both, b: both })).toEqual([
      { rules: ["a", "b"], description: "Say a and b.", document: ["a", "b"] },
    ]);
  });

  test("is nothing where nothing fails, one rule is not to be mended, or a change does not do what it says", () => {
    expect(propose(["a"], {}, ["a"])).toEqual([]);
    expect(propose(["a", "b"], { a: says("a") })).toEqual([]);
    expect(propose(["a", "b"], { a: says("a"), b: () => undefined })).toEqual([]);
    expect(propose(["a", "b"], { a: says("a"), b: says("something else") })).toEqual([]);
  });
});

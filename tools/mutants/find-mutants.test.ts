import { expect, test } from "vitest";
import { apply, findMutants } from "./find-mutants.ts";

/** What a source becomes by each change. */
const mutantsOf = (source: string): readonly string[] =>
  findMutants("source.ts", source).map((mutant) => apply(source, mutant));

test.each<[string, string, readonly string[]]>([
  ["a rule left out of a list", "const RULES = [a, b];", ["const RULES = [b];", "const RULES = [a];"]],
  [
    "findings that a function does not make",
    "function f() { return [fail(1)]; }",
    [
      "function f() { return undefined; }",
      "function f() { return []; }",
      "function f() { return [fail(2)]; }",
      "function f() { return [fail(0)]; }",
    ],
  ],
  ["a condition", "if (a) b();", ["if (true) b();", "if (false) b();"]],
  ["a loop, which is never made endless", "while (a) b();", ["while (false) b();"]],
  ["a choice", "x = a ? b : c;", ["x = true ? b : c;", "x = false ? b : c;"]],
  ["a comparison", "x = a <= b;", ["x = a < b;"]],
  ["an equality", "x = a !== b;", ["x = a === b;"]],
  ["a conjunction", "x = a && b;", ["x = a || b;"]],
  ["a negation", "x = !a;", ["x = a;"]],
  ["a sum", "x = a + b;", ["x = a - b;"]],
  ["a constant", "x = 5;", ["x = 6;", "x = 4;"]],
  ["a constant of many digits", "x = 5_000n;", ["x = 5001n;", "x = 4999n;"]],
  ["a zero, which is not made negative", "x = 0n;", ["x = 1n;"]],
  ["what a short function answers", "const f = () => a;", ["const f = () => undefined;"]],
  ["a yes that becomes a no", "function f() { return true; }", ["function f() { return false; }"]],
  ["whether all or some", "a.some(b);", ["a.every(b);"]],
])("%s", (_, source, mutants) => {
  expect(mutantsOf(source)).toEqual(mutants);
});

test("types, imports and text are left as they are", () => {
  expect(mutantsOf(`import { a } from "b"; type T = [1, 2]; const x: T = y as T; const text = "a < b";`)).toEqual([]);
});

test("a change says where it is, and the line before and after it", () => {
  expect(findMutants("source.ts", "// one\n  x = a < b;\n")).toMatchObject([
    { file: "source.ts", line: 2, before: "x = a < b;", after: "x = a <= b;" },
  ]);
});

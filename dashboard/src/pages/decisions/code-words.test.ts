import { expect, test } from "vitest";
import { docsLink, REFUSAL_CODES, wordsOf } from "./code-words.ts";

test("every code that can be searched for is explained, with a way out", () => {
  for (const code of REFUSAL_CODES) {
    expect(wordsOf(code)?.what, code).toMatch(/\.$/);
    expect(wordsOf(code)?.fix, code).toMatch(/\.$/);
  }
});

test("a code from a newer API is shown as it is, not explained as another", () => {
  expect(wordsOf("policy.brand_new")).toBeUndefined();
  expect(wordsOf("constructor")).toBeUndefined();
});

test("link injection: a code cannot lead anywhere but to the documentation", () => {
  expect(docsLink("policy.value_exceeded")).toBe("/docs#policy.value_exceeded");
  expect(docsLink('"><script>')).toBe("/docs#%22%3E%3Cscript%3E");
});

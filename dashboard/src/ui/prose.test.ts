import { nothing, type TemplateResult } from "lit";
import { expect, test } from "vitest";
import { prose } from "./prose.ts";

/** What it is made of: text as it is, and the text of each piece of code. */
const partsOf = (sentence: string): readonly unknown[] =>
  (prose(sentence).values[0] as readonly unknown[])
    .filter((part) => part !== "" && part !== nothing)
    .map((part) => (typeof part === "string" ? part : { code: (part as TemplateResult).values[0] }));

test("what stands between backticks is code, and the rest is text", () => {
  expect(partsOf("Set `maxRent`, or `maxFee`.")).toEqual([
    "Set ",
    { code: "maxRent" },
    ", or ",
    { code: "maxFee" },
    ".",
  ]);
  expect(partsOf("No code at all")).toEqual(["No code at all"]);
});

test("a backtick alone, or nothing between two, stays as it is written", () => {
  expect(partsOf("One ` here")).toEqual(["One ` here"]);
  expect(partsOf("``")).toEqual(["``"]);
});

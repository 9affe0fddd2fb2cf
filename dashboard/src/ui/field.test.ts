import { expect, test } from "vitest";
import { sayFault } from "./field.ts";

test.each([
  ["Address", "is needed", "Address is needed."],
  ["Fee", 'must be text such as "10000", not a number', 'Fee must be text such as "10000", not a number.'],
  ["Ends", "is over already.", "Ends is over already."],
  ["Limit", "Give a whole number, such as 20.", "Give a whole number, such as 20."],
])("what is wrong with a field is a sentence: %s, %s", (label, error, sentence) => {
  expect(sayFault(label, error)).toBe(sentence);
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("the order of a body's fields does not make it another body", () => {
  expect(canonicalJson({ b: 1, a: { d: [2, { f: 3, e: 4 }], c: "x" } })).toBe(
    '{"a":{"c":"x","d":[2,{"e":4,"f":3}]},"b":1}',
  );
});

test("the order of a list does", () => {
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
});

test("a field that is absent and one that is undefined are the same, null is another", () => {
  expect(canonicalJson({ a: undefined })).toBe("{}");
  expect(canonicalJson({ a: null })).toBe('{"a":null}');
});

test("two bodies with the same text are the same body, whatever is in them", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      // JSON has no negative zero.
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(plain);
    }),
  );
});

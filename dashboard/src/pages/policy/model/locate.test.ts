import { expect, test } from "vitest";
import { locate, locateNearest, placeOf } from "./locate.ts";

const TEXT = `{
  "maxFee": "10000",
  "allow": [
    { "a/b": [1, {"x": "a\\"]"}], "instruction": "transfer" },
    true
  ]
}`;
const at = (pointer: string): string | undefined => {
  const span = locate(TEXT, pointer);
  return span && TEXT.slice(span.start, span.end);
};

test("a pointer leads to its value in the text", () => {
  expect(at("/maxFee")).toBe('"10000"');
  expect(at("/allow/0/instruction")).toBe('"transfer"');
  expect(at("/allow/0/a~1b/1/x")).toBe('"a\\"]"');
  expect(at("/allow/1")).toBe("true");
  expect(at("")).toBe(TEXT);
  expect(at("/allow/7")).toBeUndefined();
});

test("what is missing is looked for in what it should stand in", () => {
  const span = locateNearest(TEXT, "/allow/1/program");
  expect(span && TEXT.slice(span.start, span.end)).toBe("true");
});

test.each(["", "{", '{"a"', "[1,", "nonsense]", '{"a": }', "]"])(
  "half-written text leads nowhere, and never throws: %s",
  (text) => {
    expect(locate(text, "/a/0/b")).toBeUndefined();
  },
);

test("a place is told by line and column", () => {
  expect(placeOf(TEXT, locate(TEXT, "/maxFee")?.start ?? 0)).toEqual({ line: 2, column: 13 });
});

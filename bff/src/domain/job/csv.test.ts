import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCsv } from "./csv.ts";

const fieldsOf = (text: string) => {
  const read = parseCsv(text, 100);
  return read.ok ? read.value.map(({ fields }) => fields) : read.reason;
};

describe("comma-separated text is read as RFC 4180 has it", () => {
  test.each<[string, string, readonly (readonly string[])[]]>([
    [
      "plain fields",
      "a,b\nc,d\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["line endings of three kinds", "a\r\nb\rc\nd", [["a"], ["b"], ["c"], ["d"]]],
    ["a byte-order mark in front", "\uFEFFa,b", [["a", "b"]]],
    ["quotes around a separator, a quote and a line break", '"a,""b"",\r\nc",d', [['a,"b",\r\nc', "d"]]],
    [
      "empty fields, at the end too",
      "a,,\n,b",
      [
        ["a", "", ""],
        ["", "b"],
      ],
    ],
    ["an empty quoted field", '"",a', [["", "a"]]],
    ["empty lines, which are none", "\n\na\n  \n\nb\n\n", [["a"], ["b"]]],
    [
      "semicolons, where a spreadsheet writes them",
      'a;"b;c"\nd,e;f',
      [
        ["a", "b;c"],
        ["d,e", "f"],
      ],
    ],
    ["tabs", "a\tb,c\td", [["a", "b,c", "d"]]],
    ["a separator that only a quoted field holds", '"a;b;c"\nd', [["a;b;c"], ["d"]]],
    ["text that a spreadsheet would calculate, which is text", "=1+1,@x,-2", [["=1+1", "@x", "-2"]]],
    ["nothing", "", []],
  ])("%s", (_, text, records) => {
    expect(fieldsOf(text)).toEqual(records);
  });

  test.each<[string, string, number]>([
    ["a quote within a field", 'a\nb"c', 2],
    ["text behind a closing quote", 'a\n"b"c', 2],
    ["a quote that is never closed", 'a\nb\n"c\nd\n', 3],
  ])("%s is refused with its line", (_, text, line) => {
    expect(fieldsOf(text)).toMatchObject({ line, detail: expect.any(String) as string });
  });

  test("a record has the number of the line on which it begins, behind fields of several lines too", () => {
    const read = parseCsv('a\n"b\nb\r\nb"\n\nc', 100);
    expect(read.ok && read.value.map(({ line }) => line)).toEqual([1, 2, 6]);
  });

  test("more records than may be are refused at the first one too many", () => {
    expect(parseCsv("a\nb\n\nc\nd", 2)).toMatchObject({ ok: false, reason: { line: 4 } });
    expect(parseCsv("a\nb\n\n", 2)).toMatchObject({ ok: true });
  });

  test("whatever fields are written with quotes is read back, and whatever the text is, nothing is thrown", () => {
    const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`;
    const record = fc.array(fc.string({ unit: fc.constantFrom("a", '"', ",", ";", "\n", "\r", " ") }), {
      minLength: 2,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
        expect(fieldsOf(records.map((fields) => fields.map(quote).join(",")).join("\r\n"))).toEqual(records);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r") }), (text) => void parseCsv(text, 3)),
    );
  });
});

import { describe, expect, test } from "vitest";
import { MAX_LINES, readListFile } from "./list-file.ts";

/** Addresses of one letter and digits, whose capitals say the same; times that begin with a year. */
const read = (csv: string) =>
  readListFile(csv, {
    parseAddress: (text) => (/^[a-z][0-9]*$/i.test(text) ? text.toLowerCase() : undefined),
    parseTime: (text) => (/^\d{4}/.test(text) ? { text: `${text}Z`, isOver: text < "2026" } : undefined),
  });
const entriesOf = (csv: string) => {
  const file = read(csv);
  return file.ok ? file.value.map(({ address, note, expiresAt }) => [address, note, expiresAt]) : file.reason;
};

describe("a list comes as a file", () => {
  test.each<[string, string, readonly (readonly unknown[])[]]>([
    [
      "addresses alone",
      "b\na\n",
      [
        ["a", null, null],
        ["b", null, null],
      ],
    ],
    ["columns in their order", "a,scam,2027", [["a", "scam", "2027Z"]]],
    [
      "columns that are left out",
      "a,scam\nb,,2027",
      [
        ["a", "scam", null],
        ["b", null, "2027Z"],
      ],
    ],
    ["a first line that names them in any order", "Note;Expires At;ADDRESS\nscam;;a", [["a", "scam", null]]],
    ["a first line that names the end as the API does", "address,expiresAt\na,2027", [["a", null, "2027Z"]]],
    ["a first line whose note is called as its column is", "a,note", [["a", "note", null]]],
    ["a first line that names the address alone", "address\na", [["a", null, null]]],
    [
      "an address in several spellings and lines, of which the last counts",
      "A,one\nb\na,two",
      [
        ["a", "two", null],
        ["b", null, null],
      ],
    ],
    ["a note that a spreadsheet would calculate, as it stands", "a,=HYPERLINK(0)", [["a", "=HYPERLINK(0)", null]]],
    ["blanks around the values", " a , scam ,", [["a", "scam", null]]],
  ])("%s", (_, csv, entries) => {
    expect(entriesOf(csv)).toEqual(entries);
  });

  test.each<[string, string, number]>([
    ["what is no address", "a\n?\n", 2],
    ["an empty address", "a,x\n,y", 2],
    ["a field too many", "a\nb,,,x", 2],
    ["a note of several lines", 'a,"x\ny"', 1],
    ["a note that is too long", `a,${"x".repeat(201)}`, 1],
    ["an end that is no time", "a,x,soon", 1],
    ["an end that is over", "a,x,2025", 1],
    ["a column that nobody knows", "address,color\na,red", 1],
    ["a column that is there twice", "address,note,note\na,x,y", 1],
    ["a file with nothing in it", " \n\n", 1],
    ["a quote that is not closed", 'a\n"b', 2],
    ["no address at all", "address,note\n", 1],
  ])("%s is refused with its line", (_, csv, line) => {
    expect(entriesOf(csv)).toMatchObject([{ line, detail: expect.any(String) as string }]);
  });

  test.each([
    ["address,color\na,red", 'there is no column "color": there are address, note, expires_at'],
    ["adress1?,note,colour\na,b,c", "no column is called address: there are address, note, expires_at"],
    ["address,note\n", "there is no line below the names of the columns"],
    ["\n", "the file is empty"],
    ['a\n"b\n?\n', "a quote opens here and is not closed: the lines after it were not looked at"],
  ])("what is wrong with all of %j is said so that it can be mended", (csv, detail) => {
    expect(entriesOf(csv)).toMatchObject([{ detail }]);
  });

  test("every bad line is named, up to a hundred", () => {
    expect(entriesOf("?\na\n!\n")).toMatchObject([{ line: 1 }, { line: 3 }]);
    expect(entriesOf("?\n".repeat(500))).toHaveLength(100);
  });

  test(`${MAX_LINES} lines are read, one more is refused`, () => {
    const lines = Array.from({ length: MAX_LINES + 1 }, (_, index) => `a${index}`);
    expect(entriesOf(["address", ...lines.slice(1)].join("\n"))).toHaveLength(MAX_LINES);
    expect(entriesOf(lines.join("\n"))).toMatchObject([{ line: MAX_LINES + 1 }]);
    expect(entriesOf(["address", ...lines].join("\n"))).toMatchObject([{ line: MAX_LINES + 2 }]);
  });
});

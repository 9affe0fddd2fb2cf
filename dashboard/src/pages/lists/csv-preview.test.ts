import { expect, test } from "vitest";
import { readListFile } from "../../../../bff/src/domain/job/list-file.ts";
import { readLines } from "./csv-lines.ts";
import { previewCsv } from "./csv-preview.ts";

const NOW_MS = Date.parse("2026-11-28T12:00:00Z");
/** On a network whose addresses are not known here. */
const preview = (csv: string) => previewCsv(csv, { network: "near:testnet", nowMs: NOW_MS });

test("quotes hold commas, quotes and line ends, and lines are counted as an editor does", () => {
  const text = 'A,"a note, with ""quotes""\nand a second line"\rB,plain\r\n\r\nC';
  expect([...readLines(text)].map(({ line, cells }) => [line, ...cells])).toEqual([
    [1, "A", 'a note, with "quotes"\nand a second line'],
    [3, "B", "plain"],
    [5, "C"],
  ]);
});

test("a header names the columns in any order, behind a byte order mark and with CRLF", () => {
  const { rows, entries, hasHeader } = preview("\u{FEFF}Note;Address;Expires at\r\nspam;A;2027-01-01T00:00:00Z\r\n");
  expect({ entries, hasHeader }).toEqual({ entries: 1, hasHeader: true });
  expect(rows).toEqual([{ line: 2, address: "A", note: "spam", expiresAt: "2027-01-01T00:00:00Z", fault: undefined }]);
});

test("ten thousand lines and their header go at once, one more does not", () => {
  const lines = Array.from({ length: 10_000 }, (_, index) => `A${index}`);
  expect(preview(["address", ...lines].join("\n"))).toMatchObject({ entries: 10_000, blocked: undefined });
  expect(preview(["address", ...lines, "B"].join("\n")).blocked).toContain("at most 10,000");
});

test("what is larger than the API takes is not sent", () => {
  expect(preview(`A,${"x".repeat(1_500_000)}`).blocked).toContain("1.5 million");
});

test.each([
  ["plain", "A\nB\n\nC"],
  ["a header alone", "address,note\n"],
  ["nothing", ""],
  ["an unknown column", "address,reason\nA,spam"],
  ["a column as the API names it", "Address,expiresAt\nA,2027-01-31"],
  ["a column twice", "address,address\nA,B"],
  ["no address", "A\n,why\nB"],
  ["a space in an address", "A\nB C"],
  ["too many fields", "A,b,2027-01-01,d"],
  ["more fields than the header has", "address,note\nA,b,c"],
  ["a date", "A,,2027-01-31"],
  ["a day that is none", "A,,2027-02-30"],
  ["a time without a zone", "A,,2027-01-31T12:00"],
  ["a time in the past", "A,,2020-01-31"],
  ["a quote within a field", 'A\nB"C\nD'],
  ["text behind a quote", 'A\n"B"C\nD'],
  ["a quote that is not closed", 'A\n"B\nC'],
  ["a quote that is not closed behind a note of two lines", 'A\nB,"one\ntwo","C\nD'],
  ["a quote that is closed by another line's", 'A,"one\nB,"two"\nC'],
  ["a note of two lines", 'A,"one\ntwo"'],
  ["a long note", `A,${"n".repeat(201)}`],
  ["a formula, which is a text", 'A,"=1+1"'],
  ["tabs", "A\tspam, mostly\nB\teggs"],
])("a file is promised to be taken exactly when the API takes it, and refused by the same line: %s", (_, csv) => {
  const api = readListFile(csv, {
    parseAddress: (text) => (text === "" || /\s/.test(text) ? undefined : text),
    parseTime: (text) => {
      const atMs = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
      if (Number.isNaN(atMs) || !new Date(atMs).toISOString().startsWith(text.slice(0, 10))) return undefined;
      return { text, isOver: atMs <= NOW_MS };
    },
  });
  const { blocked, faults } = preview(csv);
  expect(blocked === undefined && faults.length === 0).toBe(api.ok);
  if (!api.ok && blocked === undefined) expect(faults[0]?.line).toBe(api.reason[0]?.line);
});

test("a column that is called otherwise is asked about, and its lines are not blamed for it", () => {
  expect(preview("address,Reason\nA,spam")).toMatchObject({ faultCount: 0, rows: [] });
  expect(preview("address,Reason\nA,spam").blocked).toContain("“Reason”, which there is not. Did you mean note?");
  expect(preview("wallet,note\nA,spam").blocked).toContain("Did you mean address? There are address, note and");
  expect(preview("address,expiry\nA,").blocked).toContain("Did you mean expires_at?");
  expect(preview("address,note,comment\nA,,").blocked).not.toContain("Did you mean");
  expect(preview("note,expires_at\nspam,").blocked).toContain("names no column “address”");
  expect(preview("adress,note,colour\nA,spam,red").blocked).toContain("names a column “adress”");
});

test("an empty file and one of a header alone are told apart", () => {
  expect(preview(" \n\n").blocked).toBe("It is empty.");
  expect(preview("address,note\n").blocked).toBe("There is no line below the names of the columns.");
});

test("a quote that swallows lines is named by the line that it was opened in", () => {
  const faultsOf = (csv: string) => preview(csv).faults.map(({ line, fault }) => `${line} ${fault}`);
  expect(faultsOf('A\nB,"one\nC\nD')).toEqual([
    "2 opens a quote that is not closed: the lines after it were not looked at",
  ]);
  expect(faultsOf('A,"one\nB\nC,"two"\nD')).toEqual([
    "1 opens a quote that is closed 2 lines further down, with something behind it",
  ]);
});

test("bad addresses are counted, and marked among the first lines", () => {
  const csv = "9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin,fine\n9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9Pus,cut";
  const { rows, faultCount } = previewCsv(csv, { network: "solana:devnet", nowMs: NOW_MS });
  expect(faultCount).toBe(1);
  expect(rows.map(({ fault }) => fault)).toEqual([
    undefined,
    "has an address that is cut off: an address has 32 bytes",
  ]);
});

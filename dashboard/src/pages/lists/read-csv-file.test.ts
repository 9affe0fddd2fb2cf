import { expect, test } from "vitest";
import { createFileReader, readCsvFile } from "./read-csv-file.ts";

const fileOf = (...parts: BlobPart[]): File => new File(parts, "bots.csv");

test("a file in UTF-8 is read, with or without its mark", async () => {
  expect(await readCsvFile(fileOf("A,müde\n"))).toEqual({ csv: "A,müde\n" });
  expect(await readCsvFile(fileOf("\u{FEFF}A,müde\n"))).toEqual({ csv: "A,müde\n" });
});

test.each([
  ["of Windows", [0x41, 0x2c, 0x6d, 0xfc, 0x64, 0x65]],
  ["in UTF-16", [0xff, 0xfe, 0x41, 0x00, 0x0a, 0x00]],
])("bytes that are not UTF-8 are never taken for other letters: %s", async (_, bytes) => {
  expect(await readCsvFile(fileOf(new Uint8Array(bytes)))).toEqual({
    fault: "bots.csv is not in UTF-8: save it as “CSV UTF-8”.",
  });
});

test("an empty file, one that is too large and one that is gone are told apart", async () => {
  expect(await readCsvFile(fileOf(" \n"))).toEqual({ fault: "bots.csv is empty." });
  expect(await readCsvFile(fileOf("x".repeat(6_000_001)))).toMatchObject({
    fault: expect.stringContaining("Split it"),
  });
  const gone = Object.assign(fileOf("A"), { arrayBuffer: () => Promise.reject(new DOMException("", "NotFoundError")) });
  expect(await readCsvFile(gone)).toEqual({ fault: "bots.csv could not be read." });
});

test("of two files the one that was chosen last is taken, although the first one is read later", async () => {
  const first = Promise.withResolvers<string>();
  const reader = createFileReader(async (file) => ({ csv: file.name === "first" ? await first.promise : "second" }));
  const late = reader.read(new File([], "first"));
  expect(await reader.read(new File([], "second"))).toEqual({ csv: "second" });
  first.resolve("first");
  expect(await late).toBeUndefined();
});

test("what is pasted while a file is read is not replaced by it", async () => {
  const reader = createFileReader(async () => ({ csv: "file" }));
  const late = reader.read(new File([], "file"));
  reader.forget();
  expect(await late).toBeUndefined();
});

import { expect, test } from "vitest";
import { sketchTransaction } from "../../../test/support/decoded-transaction.ts";
import { loadedCount, resolveTables } from "./decoded-transaction.ts";

const plain = sketchTransaction({ instructions: [{ program: "program" }] });
const tables = [
  { address: "first", writable: 2, readonly: 1 },
  { address: "second", writable: 0, readonly: 3 },
];

test("what is only read from a lookup table counts like what is written", () => {
  expect(loadedCount(plain)).toBe(0);
  expect(loadedCount({ ...plain, lookupTables: tables })).toBe(6);
});

test("what tables hold stands behind the message's own accounts, and nothing else changes", () => {
  const resolved = resolveTables({ ...plain, lookupTables: tables }, ["a", "b"]);
  expect(resolved).toEqual({ ...plain, lookupTables: tables, accounts: [...plain.accounts, "a", "b"] });
});

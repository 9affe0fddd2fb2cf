import { expect, test } from "vitest";
import {
  type BudgetRow,
  differencesOf,
  fillOf,
  limitHint,
  nextRow,
  readRows,
  toRows,
  typedLimit,
} from "./budget-rows.ts";

const NETWORK = "solana:devnet";
const row = (changes: Partial<BudgetRow>): BudgetRow => ({
  id: "a",
  subject: "user",
  window: "day",
  unit: "fee",
  limit: "0.0002",
  ...changes,
});

test("what is typed in whole coins is sent in base units, exact to the last", () => {
  const { limits, faults } = readRows(NETWORK, [
    row({ limit: "1,234.000000001" }),
    row({ id: "b", unit: "relays", limit: "020" }),
  ]);
  expect(faults).toEqual({});
  expect(limits.map(({ limit }) => limit)).toEqual(["1234000000001", "20"]);
});

test("a limit that was read and written again is the same, whatever its size", () => {
  for (const limit of ["0", "1", "5000", "1000000000", "123456789012345678901234567890"]) {
    const rows = toRows(NETWORK, [{ subject: "project", window: "month", unit: "rent", limit }]);
    expect(readRows(NETWORK, rows).limits[0]?.limit).toBe(limit);
  }
  expect(typedLimit("near:testnet", "fee", "1")).toBe("0.000000000000000000000001");
});

test("an amount finer than the coin, a negative one and a word are faults of their own row", () => {
  const { faults } = readRows(NETWORK, [
    row({ limit: "0.0000000001" }),
    row({ id: "b", window: "hour", limit: "-1" }),
    row({ id: "c", unit: "relays", limit: "1.5" }),
    row({ id: "d", window: "month", limit: "1" }),
    row({ id: "e", window: "lifetime", limit: "0,5" }),
    row({ id: "f", unit: "relays", window: "hour", limit: "1,5" }),
  ]);
  expect(Object.keys(faults)).toEqual(["a", "b", "c", "e", "f"]);
});

test("two budgets of a kind are refused before they are sent", () => {
  expect(readRows(NETWORK, [row({}), row({ id: "b" })]).faults).toEqual({ b: "There is one of this kind already." });
});

test("a new row is of a kind that is not there yet, until there are all", () => {
  const rows: BudgetRow[] = [];
  for (let next = nextRow(rows); next; next = nextRow(rows)) rows.push({ ...next, limit: "1" });
  expect(rows).toHaveLength(36);
  expect(readRows(NETWORK, rows).faults).toEqual({});
});

test("a row that was added is never taken for another, whatever is chosen in them", () => {
  const first = nextRow([]);
  expect(first).toBeDefined();
  const rows = first ? [{ ...first, window: "lifetime" as const }] : [];
  expect(nextRow(rows)).toMatchObject({ subject: first?.subject, window: first?.window, unit: first?.unit });
  expect(nextRow(rows)?.id).not.toBe(first?.id);
});

test("somebody else's change is told by what differs", () => {
  const before = [
    { subject: "user", window: "day", unit: "relays", limit: "20" },
    { subject: "project", window: "day", unit: "fee", limit: "7" },
  ] as const;
  const after = [
    { subject: "user", window: "day", unit: "relays", limit: "50" },
    { subject: "user", window: "hour", unit: "relays", limit: "5" },
  ] as const;
  expect(differencesOf(before, after).map(({ budget, ...rest }) => ({ window: budget.window, ...rest }))).toEqual([
    { window: "hour", before: undefined, after: "5" },
    { window: "day", before: "20", after: "50" },
    { window: "day", before: "7", after: undefined },
  ]);
});

test("a bar never shows more than the whole, and a budget of nothing is full once something was used", () => {
  expect(fillOf({ limit: "1000", used: "900", held: "300" })).toEqual({ used: 900, held: 100 });
  expect(fillOf({ limit: "0", used: "0", held: "0" })).toEqual({ used: 0, held: 0 });
  expect(fillOf({ limit: "0", used: "5", held: "0" })).toEqual({ used: 1000, held: 0 });
  expect(fillOf({ limit: "10", used: null, held: null })).toEqual({ used: 0, held: 0 });
});

test("a budget that stops everything, or bounds nothing, is not set without a word", () => {
  const relays = row({ unit: "relays" });
  expect(limitHint(NETWORK, { ...relays, limit: "0" })).toBe("0: nothing is sponsored in this time.");
  expect(limitHint(NETWORK, { ...relays, window: "lifetime", limit: "00" })).toBe("0: nothing is ever sponsored.");
  expect(limitHint(NETWORK, row({ limit: "0.0" }))).toBe("0: nothing is sponsored in this time.");
  expect(limitHint(NETWORK, row({ unit: "rent", limit: "0" }))).toContain("nothing that needs rent");
  expect(limitHint(NETWORK, row({ limit: "1000001" }))).toContain("bounds nothing");
  expect(limitHint("algorand:testnet", row({ limit: "1,000,000,001" }))).toContain("bounds nothing");
});

test("more relays than the API takes are refused beside the field", () => {
  const faultsOf = (limit: string) => Object.values(readRows(NETWORK, [row({ unit: "relays", limit })]).faults);
  expect(faultsOf("9".repeat(12))).toEqual([]);
  expect(faultsOf("9".repeat(13))).toEqual(["That is more than there can be."]);
});

test("a limit that can be meant, and what is no limit, bring no word of their own", () => {
  for (const limit of ["", "-1", "1", "1000000"]) {
    expect(limitHint(NETWORK, row({ limit }))).toBeUndefined();
    expect(limitHint("near:testnet", row({ limit }))).toBeUndefined();
    expect(limitHint(NETWORK, row({ unit: "relays", limit }))).toBeUndefined();
  }
});

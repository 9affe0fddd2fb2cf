import { expect, test } from "vitest";
import { ruleInput } from "../../../../test/support/decoded-transaction.ts";
import { noLookupTables } from "./no-lookup-tables.ts";

test("a lookup table is refused, because what it names can change between check and send", () => {
  const refusal = noLookupTables(ruleInput({ instructions: [], changes: { lookupTables: ["first", "second"] } }));
  expect(refusal).toMatchObject({ code: "policy.lookup_table_not_allowed", context: { lookupTable: "first" } });
});

test("a transaction that names every account itself passes", () => {
  expect(noLookupTables(ruleInput({ instructions: [] }))).toBeUndefined();
});

import { describe, expect, test } from "vitest";
import type { SolanaPolicy } from "../../../contract/policy.ts";
import { ruleInput } from "../../../../test/support/decoded-transaction.ts";
import { lookupTablesAreAllowed } from "./lookup-tables-are-allowed.ts";

const table = (address: string) => ({ address, writable: 1, readonly: 0 });
const check = (addresses: readonly string[], lookupTables?: SolanaPolicy["lookupTables"]) =>
  lookupTablesAreAllowed.check(
    ruleInput({ instructions: [], changes: { lookupTables: addresses.map(table) } }, { lookupTables }),
  );
const refused = (lookupTable: string) => [
  {
    verdict: "fail",
    refusal: { code: "policy.lookup_table_not_allowed", context: { lookupTable } },
    hint: expect.stringMatching(/`lookupTables` of the policy/) as string,
  },
];

describe("a lookup table is refused, because what it names can change between check and send", () => {
  test.each<[string, readonly string[], SolanaPolicy["lookupTables"], string]>([
    ["by a policy that says nothing of tables", ["first", "second"], undefined, "first"],
    ["by a policy that allows none", ["first"], false, "first"],
    ["by a policy whose list is empty", ["first"], [], "first"],
    ["that is not in the policy's list", ["listed", "second", "third"], ["listed"], "second"],
  ])("%s", (_, addresses, lookupTables, told) => {
    expect(check(addresses, lookupTables)).toMatchObject(refused(told));
  });
});

describe("a transaction passes", () => {
  test.each<[string, readonly string[], SolanaPolicy["lookupTables"]]>([
    ["that names every account itself", [], undefined],
    ["whose tables are all in the policy's list", ["first", "second"], ["second", "first"]],
    ["with any table, where the policy takes any", ["first", "second"], true],
  ])("%s", (_, addresses, lookupTables) => {
    expect(check(addresses, lookupTables)).toEqual([]);
  });
});

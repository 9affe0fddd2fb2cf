import * as z from "zod";
import { describe, expect, test } from "vitest";
import { AlgorandPolicy } from "./contract/algorand-policy.ts";
import { BacktestRequest } from "./contract/manage/jobs.ts";
import { PublishRequest } from "./contract/manage/policies.ts";
import { BudgetChange } from "./contract/manage/projects.ts";
import { SolanaPolicy } from "./contract/policy.ts";
import { readBy } from "./read-by.ts";

const MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr";
const POLICY = {
  allow: [{ program: MEMO, instruction: "memo" }],
  maxSignatures: 2,
  maxFee: "10000",
  maxComputeUnits: 200_000,
  maxComputeUnitPrice: "1000",
};

/** What is said about a document, as `pointer detail`. */
function faultsOf(schema: z.ZodType, given: unknown, max = 20): string[] {
  const read = readBy(schema, given, max);
  return read.ok ? [] : read.reason.map(({ pointer, detail }) => `${pointer} ${detail}`);
}

describe("what is wrong with a field", () => {
  test.each([
    {
      name: "a slip of the pen",
      change: { walletAssertion: true },
      says: '/walletAssertion is not a known field; did you mean "walletAssertions"?',
    },
    { name: "another case", change: { MAXRENT: "1" }, says: '/MAXRENT is not a known field; did you mean "maxRent"?' },
    { name: "nothing like it", change: { colour: "red" }, says: "/colour is not a known field" },
    {
      name: "an amount as a number",
      change: { maxFee: 25_000 },
      says: '/maxFee must be text such as "10000", not a number',
    },
    {
      name: "an amount with a dot",
      change: { maxFee: "0.5" },
      says: '/maxFee must be a whole number of base units as text, such as "10000"',
    },
    { name: "a count as text", change: { maxSignatures: "2" }, says: "/maxSignatures must be a number, not text" },
    { name: "a list that is none", change: { allow: null }, says: "/allow must be a list, not null" },
    { name: "neither of two", change: { lookupTables: 1 }, says: "/lookupTables must be true or false or a list" },
    {
      name: "one of two, with a fault in it",
      change: { lookupTables: [MEMO, "x"] },
      says: "/lookupTables/1 must be a base58 address",
    },
  ])("is said in words that help to mend it: $name", ({ change, says }) => {
    expect(faultsOf(SolanaPolicy, { ...POLICY, ...change })).toEqual([says]);
  });

  test("is told of what is missing, too", () => {
    const { maxFee: _, ...rest } = POLICY;
    expect(faultsOf(SolanaPolicy, rest)).toEqual(['/maxFee is missing; it must be text such as "10000"']);
  });

  test("names the kinds and the words that there are", () => {
    const base = { maxFee: "1000" };
    expect(faultsOf(AlgorandPolicy, { ...base, allow: [{ transaction: "pay" }] })).toEqual([
      "/allow/0/transaction must be one of: payment, asset-transfer, asset-opt-in, asset-opt-out, application-call",
    ]);
    const row = { subject: "users", window: "day", unit: "relays", limit: "5" };
    expect(faultsOf(BudgetChange, { version: "1", data: [row] })).toEqual([
      '/data/0/subject must be one of: user, project, policy; did you mean "user"?',
    ]);
  });

  test("names every alternative where none was meant", () => {
    const base = { allow: [], maxFee: "1000" };
    expect(faultsOf(AlgorandPolicy, { ...base, minimumBalance: { account: true } })).toEqual([
      "/minimumBalance/assets is missing; it must be true or a list",
    ]);
    expect(faultsOf(BacktestRequest, { network: "solana:devnet", days: 8 })).toEqual(["/days must be 7 or 30"]);
    expect(faultsOf(PublishRequest, { document: {} })).toEqual([
      "/expectedVersion must be the number of the version in force, or null where none is",
    ]);
  });

  test.each([
    { change: { maxSignatures: 0 }, says: "/maxSignatures must be at least 1" },
    { change: { maxComputeUnits: 1_400_001 }, says: "/maxComputeUnits must be at most 1400000" },
    {
      change: { programs: [{ address: MEMO, name: "", instructions: [] }] },
      says: "/programs/0/name must have at least 1 character",
    },
  ])("says how much there may be: $says", ({ change, says }) => {
    expect(faultsOf(SolanaPolicy, { ...POLICY, ...change })[0]).toBe(says);
  });

  test("is at the field itself, however its name is written", () => {
    expect(faultsOf(SolanaPolicy, { ...POLICY, "a/b~c": 1 })).toEqual(["/a~1b~0c is not a known field"]);
    const allow = [{ ...POLICY.allow[0], arguments: { "no name": { eq: "1" } } }];
    expect(faultsOf(SolanaPolicy, { ...POLICY, allow })).toEqual([
      "/allow/0/arguments/no name is no key: it must be a name of letters, digits and _",
    ]);
  });

  test("is told of so many fields and no more", () => {
    const strangers = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, index]));
    expect(faultsOf(SolanaPolicy, { ...POLICY, ...strangers }, 7)).toHaveLength(7);
  });
});

test("a budget of more relays than there can be is refused, and one of nothing is not", () => {
  const change = (limit: string) => ({
    version: "1",
    data: [{ subject: "user", window: "day", unit: "relays", limit }],
  });
  expect(faultsOf(BudgetChange, change("99999999999999999999"))).toEqual([
    "/data/0/limit is more relays than there can be: at most 999999999999",
  ]);
  expect(faultsOf(BudgetChange, change("0"))).toEqual([]);
});

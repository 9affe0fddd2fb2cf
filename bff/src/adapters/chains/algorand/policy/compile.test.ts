import { expect, test } from "vitest";
import type { AlgorandPolicy } from "../../../../contract/algorand-policy.ts";
import { allowedKey, compileAlgorandPolicy } from "./compile.ts";

const BARE: AlgorandPolicy = { allow: [], maxFee: "2000" };

test("a policy finds the entries for a transaction by its kind, and for a call by its application too", () => {
  const { allowed } = compileAlgorandPolicy({
    ...BARE,
    allow: [
      { transaction: "payment", arguments: { amount: { lte: "1" } } },
      { transaction: "payment", anySender: true },
      { transaction: "application-call", application: "7", methods: ["go()void", "0a1b2c3d"] },
      { transaction: "application-call", application: "8", bare: true },
    ],
  });
  expect(allowed.get(allowedKey("payment"))?.map(({ entry }) => "anySender" in entry)).toEqual([false, true]);
  expect([...(allowed.get(allowedKey("application-call", 7n))?.[0]?.methods.keys() ?? [])]).toEqual([
    "9fdf3bf7",
    "0a1b2c3d",
  ]);
  expect(allowed.get(allowedKey("application-call", "8"))?.[0]?.methods.size).toBe(0);
  expect(allowed.get(allowedKey("asset-opt-in"))).toBeUndefined();
});

test("a policy that says nothing of it gives nothing and takes four transactions", () => {
  expect(compileAlgorandPolicy(BARE)).toMatchObject({
    family: "algorand",
    maxFee: 2_000n,
    maxRent: 0n,
    maxTransactions: 4,
    grantedAssets: new Set(),
    grantsAccount: false,
  });
});

test("what a policy gives is any asset or those that it lists, and the account where it says so", () => {
  const given = (minimumBalance: AlgorandPolicy["minimumBalance"]) =>
    compileAlgorandPolicy({ ...BARE, minimumBalance, maxTransactions: 15, maxRent: "5" });
  expect(given({ assets: true })).toMatchObject({
    grantedAssets: true,
    grantsAccount: false,
    maxTransactions: 15,
    maxRent: 5n,
  });
  expect(given({ assets: ["1", "2"], account: true })).toMatchObject({
    grantedAssets: new Set(["1", "2"]),
    grantsAccount: true,
  });
});

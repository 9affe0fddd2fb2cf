import { describe, expect, test } from "vitest";
import { AlgorandPolicy } from "./algorand-policy.ts";

const POLICY = {
  allow: [
    { transaction: "payment", arguments: { amount: { eq: "0" }, closeRemainderTo: { eq: null } }, allowClose: true },
    { transaction: "asset-transfer", arguments: { asset: { in: ["1", "2"] } }, anySender: true },
    { transaction: "asset-opt-in", arguments: { asset: { eq: "1" } } },
    { transaction: "asset-opt-out", allowRekey: false },
    {
      transaction: "application-call",
      application: "18446744073709551615",
      methods: ["add(uint64,(byte[],bool)[2])void", "0a1b2c3d"],
      bare: true,
      onComplete: ["no-op", "opt-in", "close-out", "clear-state", "delete-application"],
      arguments: { argument0: { eq: "0a1b2c3d" }, argument15: { startsWith: "00" } },
    },
  ],
  maxFee: "16000",
  maxTransactions: 15,
  minimumBalance: { account: true, assets: ["1", "2"] },
  maxRent: "200000",
};
const isPolicy = (document: object): boolean => AlgorandPolicy.safeParse(document).success;
const withEntry = (entry: object): object => ({ ...POLICY, allow: [entry] });
const call = (changes: object): object => withEntry({ transaction: "application-call", application: "7", ...changes });

test("a policy for Algorand is read as it is written, and a short one too", () => {
  expect(AlgorandPolicy.parse(POLICY)).toEqual(POLICY);
  expect(isPolicy({ allow: [], maxFee: "0" })).toBe(true);
  expect(isPolicy({ ...POLICY, minimumBalance: { assets: true } })).toBe(true);
});

describe("what is no policy is refused:", () => {
  test.each<[string, object]>([
    ["no allowlist", { maxFee: "1" }],
    ["no bound of the fee", { allow: [] }],
    ["a bound that is a number", { ...POLICY, maxFee: 1 }],
    ["a negative one", { ...POLICY, maxFee: "-1" }],
    ["a field that nobody knows", { ...POLICY, maxSignatures: 2 }],
    ["no room for a transaction", { ...POLICY, maxTransactions: 0 }],
    ["more transactions than a group has beside the sponsor's", { ...POLICY, maxTransactions: 16 }],
    ["a grant that names no assets", { ...POLICY, minimumBalance: { account: true } }],
    ["a grant of no assets", { ...POLICY, minimumBalance: { assets: [] } }],
    ["a grant that is false", { ...POLICY, minimumBalance: { assets: false } }],
    ["asset 0", { ...POLICY, minimumBalance: { assets: ["0"] } }],
    ["an asset with a zero before it", { ...POLICY, minimumBalance: { assets: ["01"] } }],
    ["an asset beyond 64 bits", { ...POLICY, minimumBalance: { assets: ["18446744073709551616"] } }],
    ["a kind of transaction that cannot be allowed", withEntry({ transaction: "key-registration" })],
    ["no kind", withEntry({ arguments: {} })],
    [
      "a condition on what the kind does not have",
      withEntry({ transaction: "payment", arguments: { asset: { eq: "1" } } }),
    ],
    ["a condition that demands nothing", withEntry({ transaction: "payment", arguments: { amount: {} } })],
    ["a switch that the kind does not have", withEntry({ transaction: "asset-opt-in", allowClose: true })],
    ["a call without an application", withEntry({ transaction: "application-call", bare: true })],
    ["application 0, which makes one", call({ application: "0", bare: true })],
    ["an empty list of methods", call({ methods: [] })],
    ["a method without its result", call({ methods: ["go()"] })],
    ["a method without brackets", call({ methods: ["go"] })],
    ["a method with spaces", call({ methods: ["add(uint64, uint64)uint64"] })],
    ["a selector in upper case", call({ methods: ["0A1B2C3D"] })],
    ["a selector of three bytes", call({ methods: ["0a1b2c"] })],
    ["an OnComplete of another name", call({ bare: true, onComplete: ["noop"] })],
    ["an update of an application", call({ bare: true, onComplete: ["update-application"] })],
    ["an empty list of them", call({ bare: true, onComplete: [] })],
    ["a seventeenth argument", call({ bare: true, arguments: { argument16: { eq: "1" } } })],
    ["201 entries", { ...POLICY, allow: Array.from({ length: 201 }, () => POLICY.allow[0]) }],
  ])("%s", (_name, document) => {
    expect(isPolicy(document)).toBe(false);
  });
});

import { describe, expect, test } from "vitest";
import { readTransactions, readWallet } from "./read-transactions.ts";
import { rulePlace } from "./rule-place.ts";
import { isAboutAmounts, ruleWords, sayCall } from "./rule-words.ts";

describe("a pasted transaction", () => {
  test("is taken out of what it was copied with", () => {
    expect(readTransactions("solana:devnet", ' "AQAAAA==",\n')).toEqual({ transaction: "AQAAAA==" });
    expect(readTransactions("algorand:testnet", '["gqNzaWc=", "AQAAAA=="]')).toEqual({
      transactions: ["gqNzaWc=", "AQAAAA=="],
    });
  });

  test.each([
    ["solana:devnet", "", "Paste"],
    [
      "solana:devnet",
      "5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW!",
      "base58",
    ],
    ["solana:devnet", "AQAAAA==\nAQAAAA==", "One transaction"],
    ["algorand:testnet", Array.from({ length: 17 }, () => "AQAAAA==").join("\n"), "16"],
  ])("on %s is refused with the reason: %s", (network, pasted, reason) => {
    expect(readTransactions(network, pasted)).toEqual({ fault: expect.stringContaining(reason) as string });
  });
});

test("a wallet that is typed without its family is one of the network's", () => {
  expect(readWallet("solana:devnet", " 7v91 ")).toBe("solana:7v91");
  expect(readWallet("solana:devnet", "algorand:ABC")).toBe("algorand:ABC");
});

describe("rules in words", () => {
  test("budgets name whose they are, over what time, and of what", () => {
    expect(ruleWords("budget-user-day-relays")).toBe("It must fit the budget of relays of the user, each day");
    expect(ruleWords("budget-version-lifetime-rent")).toBe(
      "It must fit the budget of rent of this version of the policy, over its lifetime",
    );
  });

  test("a rule that is newer than this page says by its name what it holds", () => {
    expect(ruleWords("moon-is-full")).toBe("Moon is full");
    expect(ruleWords("constructor")).toBe("Constructor");
  });

  test("lead to where they are set, but for those that nobody sets", () => {
    expect(rulePlace("fee-within-limit")).toEqual({ page: "policy", pointer: "/maxFee" });
    expect(rulePlace("budget-user-day-relays")).toEqual({ page: "budgets" });
    expect(rulePlace("transaction-is-readable")).toBeUndefined();
    expect(rulePlace("constructor")).toBeUndefined();
  });

  test("counts are not told as coins", () => {
    expect(isAboutAmounts("budget-user-day-rent")).toBe(true);
    expect(isAboutAmounts("budget-user-day-relays")).toBe(false);
  });
});

test("an instruction that is called as its program is, is called so once", () => {
  expect(sayCall("Memo", "memo")).toBe("Memo");
  expect(sayCall("System", "transfer")).toBe("System · transfer");
});

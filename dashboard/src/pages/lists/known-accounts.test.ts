import { expect, test } from "vitest";
import { accountRole, whyNotDeny } from "./known-accounts.ts";

const RELAY = { sponsor: "Sponsor1", wallet: "solana:Wallet1" };

test("what would refuse every transaction cannot be denied by a slip", () => {
  expect(whyNotDeny("Sponsor1", RELAY)).toContain("refuse every transaction");
  expect(whyNotDeny("11111111111111111111111111111111", RELAY)).toContain("system program");
});

test("a wallet and whatever is not known may be denied", () => {
  expect(whyNotDeny("Wallet1", RELAY)).toBeUndefined();
  expect(whyNotDeny("constructor", RELAY)).toBeUndefined();
  expect(accountRole("Wallet1", RELAY)).toBe("The user's wallet");
});

import { expect, test } from "vitest";
import { accountRole, whyNotDeny } from "./known-accounts.ts";

const PARTIES = { sponsors: ["Sponsor1"], wallet: "solana:Wallet1" };

test("what would refuse every transaction cannot be denied by a slip", () => {
  expect(whyNotDeny("11111111111111111111111111111111")).toContain("system program");
});

test("a wallet and whatever is not known may be denied", () => {
  expect(whyNotDeny("Wallet1")).toBeUndefined();
  expect(whyNotDeny("constructor")).toBeUndefined();
  expect(accountRole("Wallet1", PARTIES)).toBe("The user's wallet");
  expect(accountRole("Sponsor1", PARTIES)).toBe("Sponsor");
});

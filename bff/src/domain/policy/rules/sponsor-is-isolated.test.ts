import { describe, expect, test } from "vitest";
import { OTHER_SPONSOR, ruleInput, SPONSOR, USER } from "../../../../test/support/decoded-transaction.ts";
import { sponsorIsIsolated } from "./sponsor-is-isolated.ts";

const harmless = { program: "program", accounts: [USER] };

describe("the sponsor", () => {
  test.each([
    ["the first account of an instruction", { program: "program", accounts: [SPONSOR, USER] }],
    ["the last account of an instruction", { program: "program", accounts: [USER, SPONSOR] }],
    ["an instruction's program", { program: SPONSOR, accounts: [USER] }],
    ["another sponsor of the pool, even one that has retired", { program: "program", accounts: [OTHER_SPONSOR] }],
    ["another sponsor as a program", { program: OTHER_SPONSOR }],
  ])("may not be %s", (_, misuse) => {
    expect(sponsorIsIsolated(ruleInput({ instructions: [harmless, misuse] }))).toMatchObject({
      code: "policy.fee_payer_misused",
      context: { instruction: 1 },
    });
  });

  test("may not be listed again among the accounts, even where no instruction names it", () => {
    const refusal = sponsorIsIsolated(ruleInput({ signers: [USER, OTHER_SPONSOR], instructions: [harmless] }));
    expect(refusal?.code).toBe("policy.fee_payer_misused");
  });

  test("is the first account even if the pool has forgotten it", () => {
    const input = ruleInput({ instructions: [{ program: "program", accounts: [SPONSOR] }] });
    expect(sponsorIsIsolated({ ...input, sponsorPool: [] })?.code).toBe("policy.fee_payer_misused");
  });

  test("that only pays is left alone", () => {
    expect(sponsorIsIsolated(ruleInput({ instructions: [harmless] }))).toBeUndefined();
  });
});

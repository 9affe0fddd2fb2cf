import { describe, expect, test } from "vitest";
import { OTHER_SPONSOR, ruleInput, SPONSOR, USER } from "../../../../test/support/decoded-transaction.ts";
import { feePayerIsSponsor } from "./fee-payer-is-sponsor.ts";

describe("the fee payer", () => {
  test.each([
    ["the user", USER],
    ["a stranger", "stranger"],
    ["a sponsor of the pool that is not the project's", OTHER_SPONSOR],
  ])("is refused when it is %s", (_, feePayer) => {
    const refusal = feePayerIsSponsor(ruleInput({ feePayer, instructions: [] }));
    expect(refusal?.code).toBe("transaction.wrong_fee_payer");
  });

  test("may be any sponsor that is accepted for the project", () => {
    const input = {
      ...ruleInput({ feePayer: OTHER_SPONSOR, instructions: [] }),
      acceptedSponsors: [SPONSOR, OTHER_SPONSOR],
    };
    expect(feePayerIsSponsor(input)).toBeUndefined();
  });

  test("is refused when it is another project's sponsor: nobody spends what is not given to them", () => {
    const sponsorPool = [SPONSOR, OTHER_SPONSOR].map((address) => ({ address, state: "active" as const }));
    const input = { ...ruleInput({ feePayer: OTHER_SPONSOR, instructions: [] }), sponsorPool };
    expect(feePayerIsSponsor(input)?.code).toBe("transaction.wrong_fee_payer");
    expect(feePayerIsSponsor({ ...input, acceptedSponsors: [] })?.code).toBe("transaction.wrong_fee_payer");
  });

  test("in another place than the first does not pay", () => {
    const refusal = feePayerIsSponsor(ruleInput({ feePayer: USER, signers: [SPONSOR], instructions: [] }));
    expect(refusal?.code).toBe("transaction.wrong_fee_payer");
  });

  test("whose slot is filled is refused, whoever filled it", () => {
    const signatures = [new Uint8Array(64).with(63, 1), new Uint8Array(64)];
    const refusal = feePayerIsSponsor(ruleInput({ instructions: [], changes: { signatures } }));
    expect(refusal?.code).toBe("transaction.signature_invalid");
  });

  test("without a slot is refused", () => {
    const refusal = feePayerIsSponsor(ruleInput({ instructions: [], changes: { signatures: [] } }));
    expect(refusal?.code).toBe("transaction.signature_invalid");
  });
});

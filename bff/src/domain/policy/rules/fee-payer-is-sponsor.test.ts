import { describe, expect, test } from "vitest";
import { OTHER_SPONSOR, ruleInput, SPONSOR, USER } from "../../../../test/support/decoded-transaction.ts";
import { feePayerIsSponsor } from "./fee-payer-is-sponsor.ts";

const REFUSED = [
  {
    verdict: "fail",
    refusal: { code: "transaction.wrong_fee_payer", detail: expect.stringMatching(/Prepare it again/) as string },
    hint: expect.stringMatching(/`feePayer`/) as string,
  },
];

describe("the fee payer", () => {
  test.each([
    ["the user", USER],
    ["a stranger", "stranger"],
    ["a sponsor of the pool that is not the project's", OTHER_SPONSOR],
  ])("is refused when it is %s", (_, feePayer) => {
    expect(feePayerIsSponsor.check(ruleInput({ feePayer, instructions: [] }))).toMatchObject(REFUSED);
  });

  test("may be any sponsor that is accepted for the project", () => {
    const acceptedSponsors = [SPONSOR, OTHER_SPONSOR];
    for (const feePayer of acceptedSponsors) {
      expect(feePayerIsSponsor.check({ ...ruleInput({ feePayer, instructions: [] }), acceptedSponsors })).toEqual([]);
    }
  });

  test("is refused when it is another project's sponsor: nobody spends what is not given to them", () => {
    const sponsorPool = [SPONSOR, OTHER_SPONSOR].map((address) => ({ address, state: "active" as const }));
    const input = { ...ruleInput({ feePayer: OTHER_SPONSOR, instructions: [] }), sponsorPool };
    expect(feePayerIsSponsor.check(input)).toMatchObject(REFUSED);
    expect(feePayerIsSponsor.check({ ...input, acceptedSponsors: [] })).toMatchObject(REFUSED);
  });

  test("in another place than the first does not pay", () => {
    const input = ruleInput({ feePayer: USER, signers: [SPONSOR], instructions: [] });
    expect(feePayerIsSponsor.check(input)).toMatchObject(REFUSED);
  });

  test("that is not there is refused, though nothing is accepted either", () => {
    const input = { ...ruleInput({ instructions: [], changes: { accounts: [] } }), acceptedSponsors: [] };
    expect(feePayerIsSponsor.check(input)).toMatchObject(REFUSED);
  });
});

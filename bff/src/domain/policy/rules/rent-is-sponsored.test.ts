import { describe, expect, test } from "vitest";
import { ruleInput, SPONSOR, USER } from "../../../../test/support/decoded-transaction.ts";
import { ASSOCIATED_TOKEN_PROGRAM, SYSTEM_PROGRAM, TOKEN_PROGRAM } from "../programs/known-programs.ts";
import { rentIsSponsored } from "./rent-is-sponsored.ts";

const create = (payer: string) => ({
  program: ASSOCIATED_TOKEN_PROGRAM,
  accounts: [payer, "ata", USER, "mint", SYSTEM_PROGRAM, TOKEN_PROGRAM],
  data: [1],
});
const check = (payers: readonly string[], maxRent?: string) =>
  rentIsSponsored.check(ruleInput({ instructions: payers.map(create) }, { maxRent }));

describe("the rent that the sponsor would pay", () => {
  test.each([
    ["no policy turned it on", undefined, "0"],
    ["a policy says none", "0", "0"],
    ["it is one lamport too much", "2039279", "2039279"],
  ])("is refused where %s: accounts are made and closed again for the deposit", (_, maxRent, limit) => {
    const seen = { observed: "2039280", limit };
    expect(check([SPONSOR], maxRent)).toMatchObject([
      {
        verdict: "fail",
        refusal: { code: "policy.rent_not_sponsored", context: seen },
        hint: expect.stringMatching(/`maxRent`/) as string,
        ...seen,
      },
    ]);
  });

  test("is told as off where it is off, and as too much where it is too much", () => {
    const detailOf = (maxRent?: string) => {
      const [finding] = check([SPONSOR], maxRent);
      return finding?.verdict === "fail" ? finding.refusal.detail : undefined;
    };
    expect(detailOf()).toBe("This project does not pay the rent of new accounts.");
    expect(detailOf("7")).toMatch(/2039280 lamports at worst; this project pays at most 7/);
  });

  test("is that of the whole transaction: many small accounts are not each below the bound", () => {
    expect(check([SPONSOR, SPONSOR], "4078559")).toMatchObject([{ verdict: "fail", observed: "4078560" }]);
    expect(check([SPONSOR, SPONSOR], "4078560")).toEqual([{ verdict: "pass", observed: "4078560", limit: "4078560" }]);
  });

  test("is nothing to speak of where the user pays it", () => {
    expect(check([USER, USER])).toEqual([]);
    expect(check([])).toEqual([]);
  });
});

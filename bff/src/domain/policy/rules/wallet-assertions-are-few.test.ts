import { describe, expect, test } from "vitest";
import { ruleInput, USER } from "../../../../test/support/decoded-transaction.ts";
import { LIGHTHOUSE_PROGRAM, MEMO_PROGRAMS } from "../programs/known-programs.ts";
import { walletAssertionsAreFew } from "./wallet-assertions-are-few.ts";

const memo = { program: MEMO_PROGRAMS[0] };
const assertion = { program: LIGHTHOUSE_PROGRAM, accounts: [USER], data: [5, 0, 1] };
const check = (count: number, policy: Parameters<typeof ruleInput>[1] = { walletAssertions: true }) =>
  walletAssertionsAreFew.check(
    ruleInput({ instructions: [memo, ...Array.from({ length: count }, () => assertion)] }, policy),
  );

describe("assertions that a wallet adds", () => {
  test.each([1, 2])("pass when they are few: %i", (count) => {
    expect(check(count)).toEqual([{ verdict: "pass", observed: String(count), limit: "2" }]);
  });

  test.each([3, 20])("are refused when they are more than any wallet adds: %i of them only burn compute", (count) => {
    expect(check(count)).toMatchObject([
      {
        verdict: "fail",
        instruction: 3,
        refusal: {
          code: "policy.instruction_not_allowed",
          context: { instruction: 3, program: LIGHTHOUSE_PROGRAM },
        },
        hint: expect.stringMatching(/at most two/) as string,
        observed: String(count),
        limit: "2",
      },
    ]);
  });

  test("are counted also where a policy lists them or lets any program run", () => {
    const allow = [{ program: LIGHTHOUSE_PROGRAM, instruction: "assertAccountInfo" }];
    for (const policy of [{ allow }, { unlistedPrograms: true }]) {
      expect(check(3, policy)).toMatchObject([{ verdict: "fail", observed: "3" }]);
    }
  });

  test("that are not there are not spoken of", () => {
    expect(check(0)).toEqual([]);
  });
});

import { expect, test } from "vitest";
import { ruleInput, USER } from "../../../../test/support/decoded-transaction.ts";
import { MEMO_PROGRAMS, SYSTEM_PROGRAM } from "../programs/known-programs.ts";
import { firstRefusal } from "../rule.ts";
import { traceRules } from "../trace.ts";
import { feeIsWithinBounds } from "./fee-is-within-bounds.ts";
import { instructionsAreAllowed } from "./instructions-are-allowed.ts";

test("an argument that is another one is told apart from one that is too high", () => {
  const transfer = { program: SYSTEM_PROGRAM, accounts: [USER, "friend"], data: [2, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0] };
  const detailWith = (amount: object): string | undefined => {
    const allow = [{ program: SYSTEM_PROGRAM, instruction: "transfer", arguments: { amount } }];
    return firstRefusal([instructionsAreAllowed], ruleInput({ instructions: [transfer] }, { allow }))?.detail;
  };
  expect(detailWith({ eq: "8" })).toBe("System transfer is not sponsored with this amount.");
  expect(detailWith({ lt: "9" })).toBe("System transfer is sponsored only within the bounds of its amount.");
});

test("an instruction that is called as its program is, is called so once", () => {
  const [program] = MEMO_PROGRAMS;
  const memo = { program, accounts: [USER], data: [...new TextEncoder().encode("hello")] };
  const entry = { program, instruction: "memo", arguments: { memo: { startsWith: "order:" } } };
  const detailWith = (allow: readonly (typeof entry)[]): string | undefined =>
    firstRefusal([instructionsAreAllowed], ruleInput({ instructions: [memo] }, { allow: [...allow] }))?.detail;
  expect(detailWith([entry])).toBe("Memo is not sponsored with this memo.");
  expect(detailWith([{ ...entry, instruction: "vote" }])).toBe("This project does not sponsor Memo.");
});

test("a compute limit that is absent is told as none", () => {
  const trace = traceRules(feeIsWithinBounds, ruleInput({ instructions: [] }));
  expect(trace).toContainEqual({
    rule: "compute-units-within-limit",
    verdict: "pass",
    observed: "0",
    limit: "1400000",
  });
});

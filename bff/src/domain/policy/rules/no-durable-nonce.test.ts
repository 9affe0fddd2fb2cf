import { expect, test } from "vitest";
import { ruleInput } from "../../../../test/support/decoded-transaction.ts";
import { ALLOWS_EVERYTHING } from "../../../../test/support/policies.ts";
import { SYSTEM_PROGRAM } from "../programs/known-programs.ts";
import { noDurableNonce } from "./no-durable-nonce.ts";

const advance = (data: readonly number[], program = SYSTEM_PROGRAM) => ({ program, accounts: ["nonce"], data });

test.each([
  ["as everybody writes it", [4, 0, 0, 0]],
  ["with bytes behind it, which the runtime ignores", [4, 0, 0, 0, 9, 9]],
  ["cut short", [4]],
])(
  "a transaction that advances a nonce first, %s, could be kept for ever and is refused under any policy",
  (_, data) => {
    for (const policy of [{}, ALLOWS_EVERYTHING]) {
      expect(noDurableNonce.check(ruleInput({ instructions: [advance(data)] }, policy))).toMatchObject([
        {
          verdict: "fail",
          instruction: 0,
          refusal: { code: "policy.durable_nonce_not_allowed" },
          hint: expect.stringMatching(/blockhash/) as string,
        },
      ]);
    }
  },
);

test.each([
  ["another System instruction", [advance([2, 0, 0, 0])]],
  ["a number whose upper bytes are not zero", [advance([4, 1, 0, 0])]],
  ["another program's instruction with the same bytes", [advance([4, 0, 0, 0], "other")]],
  ["one that advances a nonce later, which gives it no other lifetime", [advance([2, 0, 0, 0]), advance([4, 0, 0, 0])]],
  ["no instruction", []],
])("%s has no durable nonce", (_, instructions) => {
  expect(noDurableNonce.check(ruleInput({ instructions }))).toEqual([]);
});

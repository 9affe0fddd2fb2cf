import { describe, expect, test } from "vitest";
import { type InstructionSketch, ruleInput, USER } from "../../../../test/support/decoded-transaction.ts";
import { MEMO_PROGRAMS, SYSTEM_PROGRAM, TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from "../programs.ts";
import { instructionsAreAllowed } from "./instructions-are-allowed.ts";

const [MEMO, OTHER_MEMO] = MEMO_PROGRAMS;
const policy = {
  allow: [
    { program: MEMO, instruction: "memo" },
    { program: SYSTEM_PROGRAM, instruction: "transfer", sessionWalletIs: ["source"] },
    { program: TOKEN_PROGRAM, instruction: "transfer", sessionWalletIs: ["owner"] },
    { program: TOKEN_PROGRAM, instruction: "transferChecked", sessionWalletIs: ["source", "owner"] },
    { program: TOKEN_2022_PROGRAM, instruction: "burn", sessionWalletIs: ["owner"] },
  ],
};
const amount = [1, 0, 0, 0, 0, 0, 0, 0];
const check = (...instructions: readonly InstructionSketch[]) =>
  instructionsAreAllowed(ruleInput({ instructions }, policy));

describe("an instruction is refused", () => {
  test.each([
    ["whose program is nobody's", "policy.program_not_allowed", { program: "stranger" }],
    ["whose program is known and not listed", "policy.program_not_allowed", { program: OTHER_MEMO }],
    [
      "that is listed for another program",
      "policy.instruction_not_allowed",
      { program: SYSTEM_PROGRAM, data: [1, 0, 0, 0] },
    ],
    ["that its program does not have", "policy.instruction_unknown", { program: SYSTEM_PROGRAM, data: [77, 0, 0, 0] }],
    [
      "with bytes behind its data",
      "policy.instruction_unknown",
      { program: SYSTEM_PROGRAM, accounts: [USER, "friend"], data: [2, 0, 0, 0, ...amount, 0] },
    ],
    [
      "with fewer accounts than its roles",
      "policy.instruction_unknown",
      { program: TOKEN_PROGRAM, accounts: ["from", USER], data: [3, ...amount] },
    ],
    [
      "whose source is somebody else's",
      "policy.argument_not_allowed",
      { program: SYSTEM_PROGRAM, accounts: ["friend", USER], data: [2, 0, 0, 0, ...amount] },
    ],
    [
      "whose owner is a stranger with the user as co-signer",
      "policy.argument_not_allowed",
      { program: TOKEN_PROGRAM, accounts: ["from", "to", "stranger", USER], data: [3, ...amount] },
    ],
    [
      "of which only one of two roles is the user",
      "policy.argument_not_allowed",
      { program: TOKEN_PROGRAM, accounts: ["from", "mint", "to", USER], data: [12, ...amount, 0] },
    ],
    [
      "whose policy names a role that its shape does not have",
      "policy.argument_not_allowed",
      { program: TOKEN_2022_PROGRAM, accounts: [USER, USER, USER], data: [8, ...amount] },
    ],
  ] as const)("%s: %s", (_, code, instruction) => {
    expect(check({ program: MEMO }, instruction)).toMatchObject({
      code,
      context: { instruction: 1, program: instruction.program },
    });
  });
});

describe("an instruction is sponsored", () => {
  test.each([
    ["a memo with any text", { program: MEMO, accounts: [USER], data: [0xff, 0xfe] }],
    ["a memo without text", { program: MEMO }],
    ["the user's own transfer", { program: SYSTEM_PROGRAM, accounts: [USER, "friend"], data: [2, 0, 0, 0, ...amount] }],
    ["the user's own tokens", { program: TOKEN_PROGRAM, accounts: ["from", "to", USER], data: [3, ...amount] }],
  ])("when it is %s", (_, instruction) => {
    expect(check(instruction)).toBeUndefined();
  });

  test("by any one entry that fits, not by all", () => {
    const entry = { program: SYSTEM_PROGRAM, instruction: "transfer" };
    const both = {
      allow: [
        { ...entry, sessionWalletIs: ["destination"] },
        { ...entry, sessionWalletIs: ["source"] },
      ],
    };
    const own = { program: SYSTEM_PROGRAM, accounts: [USER, "friend"], data: [2, 0, 0, 0, ...amount] };
    expect(instructionsAreAllowed(ruleInput({ instructions: [own] }, both))).toBeUndefined();
  });

  test("a program that a policy lists and this version does not know is still refused", () => {
    const listed = { allow: [{ program: "stranger", instruction: "memo" }] };
    const refusal = instructionsAreAllowed(ruleInput({ instructions: [{ program: "stranger" }] }, listed));
    expect(refusal?.code).toBe("policy.program_not_allowed");
  });
});

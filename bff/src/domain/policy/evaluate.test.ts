import { describe, expect, test } from "vitest";
import { OTHER_SPONSOR, ruleInput, SPONSOR, USER } from "../../../test/support/decoded-transaction.ts";
import { evaluateForm, evaluatePolicy } from "./evaluate.ts";
import { MEMO_PROGRAMS, SYSTEM_PROGRAM } from "./programs.ts";

const [MEMO] = MEMO_PROGRAMS;
const advanceNonce = { program: SYSTEM_PROGRAM, accounts: ["nonce", SPONSOR], data: [4, 0, 0, 0] };
const everything = { allow: [{ program: MEMO, instruction: "memo" }] };

describe("rules are asked in one order, so that a transaction with many faults has one code", () => {
  test("a wrong fee payer is told before tables and signatures", () => {
    const input = ruleInput({ feePayer: "stranger", signers: [], instructions: [], changes: { lookupTables: ["t"] } });
    expect(evaluateForm(input)?.code).toBe("transaction.wrong_fee_payer");
  });

  test("a lookup table is told before a signature that is missing", () => {
    const input = ruleInput({ signers: [], instructions: [], changes: { lookupTables: ["t"] } });
    expect(evaluateForm(input)?.code).toBe("policy.lookup_table_not_allowed");
  });

  test("a durable nonce is told before the sponsor that it names and before the allowlist", () => {
    expect(evaluatePolicy(ruleInput({ instructions: [advanceNonce] }))?.code).toBe("policy.durable_nonce_not_allowed");
  });

  test("no entry of a policy allows the sponsor to be misused: isolation comes before the allowlist", () => {
    for (const misused of [SPONSOR, OTHER_SPONSOR]) {
      const input = ruleInput({ instructions: [{ program: MEMO, accounts: [USER, misused] }] }, everything);
      expect(evaluatePolicy(input)?.code).toBe("policy.fee_payer_misused");
    }
  });

  test("an instruction that is not sponsored is told before a fee that is too high", () => {
    const input = ruleInput({ instructions: [{ program: "unlisted" }] }, { maxFee: "0" });
    expect(evaluatePolicy(input)?.code).toBe("policy.program_not_allowed");
  });

  test("a fee that is too high is told last", () => {
    const input = ruleInput({ instructions: [{ program: MEMO }] }, { ...everything, maxFee: "9999" });
    expect(evaluatePolicy(input)?.code).toBe("policy.fee_exceeded");
  });

  test("a policy that allows nothing refuses everything", () => {
    expect(evaluatePolicy(ruleInput({ instructions: [{ program: MEMO }] }))?.code).toBe("policy.program_not_allowed");
  });

  test("what every rule lets pass is allowed", () => {
    const input = ruleInput({ instructions: [{ program: MEMO, accounts: [USER], data: [104] }] }, everything);
    expect([evaluateForm(input), evaluatePolicy(input)]).toEqual([undefined, undefined]);
  });
});

import { describe, expect, test } from "vitest";
import {
  OTHER_SPONSOR,
  ruleInput,
  SPONSOR,
  type TransactionSketch,
  USER,
} from "../../../test/support/decoded-transaction.ts";
import type { SolanaPolicy } from "../../contract/policy.ts";
import type { ErrorCode } from "../../contract/error-code.ts";
import { ACCOUNT_RULES, evaluateAccounts, evaluateForm, evaluatePolicy, FORM_RULES, POLICY_RULES } from "./evaluate.ts";
import {
  ASSOCIATED_TOKEN_PROGRAM,
  COMPUTE_BUDGET_PROGRAM,
  LIGHTHOUSE_PROGRAM,
  MEMO_PROGRAMS,
  SYSTEM_PROGRAM,
  TOKEN_PROGRAM,
} from "./programs/known-programs.ts";
import { fail, firstRefusal, type Rule } from "./rule.ts";
import { traceRules } from "./trace.ts";

const [MEMO] = MEMO_PROGRAMS;
const advanceNonce = { program: SYSTEM_PROGRAM, accounts: ["nonce", SPONSOR], data: [4, 0, 0, 0] };
const createTokenAccount = {
  program: ASSOCIATED_TOKEN_PROGRAM,
  accounts: [SPONSOR, "ata", USER, "mint", SYSTEM_PROGRAM, TOKEN_PROGRAM],
  data: [1],
};
const assertion = { program: LIGHTHOUSE_PROGRAM, accounts: [USER], data: [5, 0, 1] };
const limit = { program: COMPUTE_BUDGET_PROGRAM, data: [2, 100, 0, 0, 0] };
const everything = { allow: [{ program: MEMO, instruction: "memo" }] };
const lookupTables = [{ address: "t", writable: 1, readonly: 0 }];

describe("rules are asked in one order, so that a transaction with many faults has one code", () => {
  const form = (changes: Partial<TransactionSketch>) => evaluateForm(ruleInput({ instructions: [], ...changes }))?.code;
  const filled = [new Uint8Array(64).fill(1)];

  test("a wrong fee payer is told before a signature in its slot, tables and signers", () => {
    const changes = { lookupTables, signatures: filled };
    expect(form({ feePayer: "stranger", signers: [], changes })).toBe("transaction.wrong_fee_payer");
  });

  test("a signature in the sponsor's slot is told before tables and signers", () => {
    expect(form({ signers: [], changes: { lookupTables, signatures: filled } })).toBe("transaction.signature_invalid");
  });

  test("a lookup table is told before a signature that is missing", () => {
    expect(form({ signers: [], changes: { lookupTables } })).toBe("policy.lookup_table_not_allowed");
  });

  test("the wallet that is no signer is told before another signer who has not signed", () => {
    const changes = { signatures: [new Uint8Array(64), new Uint8Array(64)] };
    const refusal = evaluateForm(ruleInput({ signers: ["friend"], instructions: [], changes }));
    expect(refusal?.context).toEqual({ signer: USER });
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

  test("too many assertions are told before a fee that is too high", () => {
    const policy = { maxFee: "0", walletAssertions: true };
    const input = ruleInput({ instructions: [assertion, assertion, assertion] }, policy);
    expect(evaluatePolicy(input)?.code).toBe("policy.instruction_not_allowed");
  });

  test("a fee that is too high is told before rent that is not sponsored", () => {
    const allow = [{ program: ASSOCIATED_TOKEN_PROGRAM, instruction: "createIdempotent" }];
    const sponsorRoles = [{ program: ASSOCIATED_TOKEN_PROGRAM, role: "payer" }];
    const sketch = { instructions: [createTokenAccount] };
    const policy = { allow, sponsorRoles };
    expect(evaluatePolicy(ruleInput(sketch, { ...policy, maxFee: "9999" }))?.code).toBe("policy.fee_exceeded");
    expect(evaluatePolicy(ruleInput(sketch, policy))?.code).toBe("policy.rent_not_sponsored");
    expect(evaluatePolicy(ruleInput(sketch, { ...policy, maxRent: "2039280" }))).toBeUndefined();
  });

  test("a policy that allows nothing refuses everything", () => {
    expect(evaluatePolicy(ruleInput({ instructions: [{ program: MEMO }] }))?.code).toBe("policy.program_not_allowed");
  });

  test("what every rule lets pass is allowed", () => {
    const input = ruleInput({ instructions: [{ program: MEMO, accounts: [USER], data: [104] }] }, everything);
    expect([evaluateForm(input), evaluatePolicy(input), evaluateAccounts(input)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("the rules about accounts, which are asked again when lookup tables are resolved", () => {
  test("are isolation and the allowlist, in the order in which the policy's rules have them", () => {
    expect(POLICY_RULES.filter((rule) => ACCOUNT_RULES.includes(rule))).toEqual(ACCOUNT_RULES);
    const misused = ruleInput({ instructions: [{ program: "unlisted", accounts: [SPONSOR] }] });
    expect(evaluateAccounts(misused)?.code).toBe("policy.fee_payer_misused");
    expect(evaluateAccounts(ruleInput({ instructions: [{ program: "unlisted" }] }))?.code).toBe(
      "policy.program_not_allowed",
    );
  });

  test("do not ask for the fee and the signatures again", () => {
    const changes = { signatures: [] };
    const input = ruleInput({ instructions: [{ program: MEMO }], changes }, { ...everything, maxFee: "0" });
    expect(evaluateAccounts(input)).toBeUndefined();
  });
});

describe("what a rule says", () => {
  const FAULTY: readonly (readonly [TransactionSketch, Partial<SolanaPolicy>, ErrorCode])[] = [
    [{ feePayer: "stranger", instructions: [] }, {}, "transaction.wrong_fee_payer"],
    [{ instructions: [], changes: { signatures: [] } }, {}, "transaction.signature_invalid"],
    [{ instructions: [], changes: { lookupTables } }, {}, "policy.lookup_table_not_allowed"],
    [{ signers: [], instructions: [] }, {}, "transaction.signature_missing"],
    [{ instructions: [advanceNonce] }, {}, "policy.durable_nonce_not_allowed"],
    [{ instructions: [createTokenAccount] }, {}, "policy.fee_payer_misused"],
    [{ instructions: [createTokenAccount] }, {}, "policy.rent_not_sponsored"],
    [{ instructions: [limit] }, {}, "policy.program_not_allowed"],
    [{ instructions: [limit, limit] }, {}, "policy.fee_exceeded"],
    [
      { instructions: [{ program: SYSTEM_PROGRAM, data: [9] }] },
      { allow: [{ program: SYSTEM_PROGRAM, instruction: "transfer" }] },
      "policy.instruction_unknown",
    ],
    [{ instructions: [assertion, assertion, assertion] }, {}, "policy.instruction_not_allowed"],
    [
      { instructions: [limit] },
      {
        allow: [{ program: COMPUTE_BUDGET_PROGRAM, instruction: "setComputeUnitLimit", accounts: { a: { eq: "b" } } }],
      },
      "policy.argument_not_allowed",
    ],
    [
      { instructions: [limit] },
      {
        allow: [
          { program: COMPUTE_BUDGET_PROGRAM, instruction: "setComputeUnitLimit", arguments: { units: { lt: "9" } } },
        ],
      },
      "policy.value_exceeded",
    ],
  ];

  test.each(FAULTY)("against %j under %j comes with what to do: %s", (sketch, policy, code) => {
    const input = ruleInput(sketch, policy);
    const findings = [...FORM_RULES, ...POLICY_RULES].flatMap(({ check }) => check(input));
    const against = findings.flatMap((finding) => (finding.verdict === "fail" ? [finding] : []));
    expect(against.map(({ refusal }) => refusal.code)).toContain(code);
    for (const { refusal, hint } of against) {
      expect(refusal.detail).toMatch(/^[A-Z].*\.$/);
      expect(hint).toMatch(/^[A-Z].*\.$/);
    }
  });

  test("has a name of its own, in the words of its guarantee", () => {
    const names = [...FORM_RULES, ...POLICY_RULES].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+(?:-[a-z]+)+$/.test(name))).toEqual([]);
  });

  test("of a transaction with many faults is all told, each with its instruction", () => {
    const input = ruleInput({
      feePayer: "stranger",
      instructions: [{ program: "unlisted", accounts: ["stranger"] }, limit, limit, { program: SPONSOR }],
    });
    const failing = traceRules([...FORM_RULES, ...POLICY_RULES], input).filter(({ verdict }) => verdict === "fail");
    expect(failing.map(({ rule, code, instruction }) => [rule, code, instruction])).toEqual([
      ["fee-payer-is-sponsor", "transaction.wrong_fee_payer", undefined],
      ["sponsor-is-isolated", "policy.fee_payer_misused", 0],
      ["sponsor-is-isolated", "policy.fee_payer_misused", 3],
      ["sponsor-is-isolated", "policy.fee_payer_misused", undefined],
      ["instructions-are-allowed", "policy.program_not_allowed", 0],
      ["instructions-are-allowed", "policy.program_not_allowed", 1],
      ["instructions-are-allowed", "policy.program_not_allowed", 2],
      ["instructions-are-allowed", "policy.program_not_allowed", 3],
      ["compute-budget-is-said-once", "policy.fee_exceeded", undefined],
    ]);
    expect(evaluateForm(input)?.code).toBe("transaction.wrong_fee_payer");
  });
});

describe("the decision", () => {
  const refusing = (code: ErrorCode, asked: string[]): Rule<null> => ({
    name: code,
    check: () => {
      asked.push(code);
      return [{ verdict: "pass" }, fail({ code, detail: "No." }, "Do not.")];
    },
  });

  test("is the first refusal, and no rule behind it is asked", () => {
    const asked: string[] = [];
    const rules = [
      { name: "silent", check: () => [] },
      refusing("transaction.expired", asked),
      refusing("policy.fee_exceeded", asked),
    ];
    expect(firstRefusal(rules, null)?.code).toBe("transaction.expired");
    expect(asked).toEqual(["transaction.expired"]);
  });

  test("is none where every rule passes, is skipped or says nothing", () => {
    const rules: Rule<null>[] = [
      { name: "silent", check: () => [] },
      { name: "content", check: () => [{ verdict: "pass" }] },
      { name: "skipped", check: () => [{ verdict: "skip", hint: "Later." }] },
    ];
    expect(firstRefusal(rules, null)).toBeUndefined();
  });
});

import type { ManageExplanation } from "../../../../bff/src/contract/manage/policies.ts";
import { type FakeHandlers, FakeProblem } from "../fake-api.ts";
import { COMPUTE_BUDGET, MEMO, SOLANA_VERSIONS, TOKEN } from "./policy-world.ts";
import { daysAgo, fakeAddress, type FakeOptions, WALLET } from "./world.ts";

/** The entry that would let the transaction of the fake through. */
const FIXED = {
  ...SOLANA_VERSIONS.at(-1),
  allow: [
    ...((SOLANA_VERSIONS.at(-1)?.["allow"] as unknown[]) ?? []),
    { program: TOKEN, instruction: "approve", sessionWalletIs: ["owner"], arguments: { amount: { lte: "100" } } },
  ],
};
const OWNER = WALLET.replace("solana:", "");

const REFUSED: ManageExplanation = {
  verdict: "refuse",
  policyVersion: 3,
  network: "solana:devnet",
  wallet: WALLET,
  cost: { fee: "15000", rent: "0" },
  trace: [
    { rule: "fee-payer-is-sponsor", verdict: "pass" },
    { rule: "sponsor-is-isolated", verdict: "pass" },
    { rule: "fee-within-limit", verdict: "pass", observed: "15000", limit: "25000" },
    { rule: "instructions-are-allowed", verdict: "pass", instruction: 0 },
    {
      rule: "instructions-are-allowed",
      verdict: "fail",
      instruction: 1,
      code: "policy.instruction_not_allowed",
      hint: 'Add {"program": "Token…", "instruction": "approve"} to `allow` of the policy.',
    },
    { rule: "instructions-are-allowed", verdict: "pass", instruction: 2 },
    { rule: "rent-is-sponsored", verdict: "pass", observed: "0", limit: "2039280" },
    {
      rule: "budget-user-day-relays",
      verdict: "pass",
      observed: "1",
      remaining: "19",
      limit: "20",
      resetsAt: daysAgo(-1),
    },
    { rule: "simulation-succeeds", verdict: "skip", hint: "A transaction that is refused before is not simulated." },
  ],
  decided: null,
  instructions: [
    {
      position: 0,
      program: COMPUTE_BUDGET,
      programName: "ComputeBudget",
      instruction: "setComputeUnitLimit",
      arguments: { units: "200000" },
      accounts: [],
    },
    {
      position: 1,
      program: TOKEN,
      programName: "SPL Token",
      instruction: "approve",
      arguments: { amount: "100" },
      accounts: [
        { role: "source", address: fakeAddress(3) },
        { role: "delegate", address: fakeAddress(4) },
        { role: "owner", address: OWNER },
      ],
    },
    {
      position: 2,
      program: MEMO,
      programName: "Memo",
      instruction: "memo",
      arguments: { memo: "<img src=x onerror=alert(1)> three seats" },
      accounts: [],
    },
  ],
  fixes: [{ description: "Sponsor approve of SPL Token, for the signed-in wallet as its owner.", document: FIXED }],
};

/** A refusal that a draft with `approve` in it would not make. */
export const explainFake = (_options: FakeOptions): FakeHandlers => ({
  explain: ({ body }) => {
    const sent = body.transactions?.[0] ?? body.transaction;
    if (sent === "AAAA") {
      throw new FakeProblem(422, "request.invalid", "The transaction could not be read.", [
        { pointer: "/transaction", detail: "ends in the middle of an instruction" },
      ]);
    }
    const decided = {
      at: daysAgo(2),
      verdict: "refuse" as const,
      code: "policy.program_not_allowed",
      policyVersion: 2,
    };
    const asked = { ...REFUSED, ...(body.decisionId !== undefined && { decided }) };
    if (body.draftId === undefined) return asked;
    return {
      ...asked,
      verdict: "sponsor",
      policyVersion: null,
      trace: asked.trace.map(({ rule, instruction }) => ({
        rule,
        verdict: "pass" as const,
        ...(instruction !== undefined && { instruction }),
      })),
      fixes: [],
    };
  },
});

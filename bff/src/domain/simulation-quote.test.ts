import { expect, test } from "vitest";
import { ruleInput, SPONSOR, USER } from "../../test/support/decoded-transaction.ts";
import { ASSOCIATED_TOKEN_PROGRAM, SYSTEM_PROGRAM, TOKEN_PROGRAM } from "./policy/programs/known-programs.ts";
import { traceRules } from "./policy/trace.ts";
import { type Simulation, SIMULATION_RULES } from "./simulation.ts";

const BALANCE = 50_000_000n;

test("an explanation says what the sponsor would lose, and what it may: fee and rent together", () => {
  const accounts = [SPONSOR, "ata", USER, "mint", SYSTEM_PROGRAM, TOKEN_PROGRAM];
  const input = ruleInput({ instructions: [{ program: ASSOCIATED_TOKEN_PROGRAM, accounts, data: [1] }] });
  const simulation: Simulation = {
    error: null,
    logs: [],
    feePayerBefore: BALANCE,
    feePayerAfter: BALANCE - 7n,
    feePayerOwner: SYSTEM_PROGRAM,
    feePayerDataLength: 0,
    tokenBalancesBefore: [],
    tokenBalancesAfter: [],
    innerCalls: [],
    loaded: [],
    blockHeight: 1n,
  };
  expect(input.cost.rent).toBeGreaterThan(0n);
  expect(traceRules(SIMULATION_RULES, { ...input, simulation, balanceFloor: 0n })).toContainEqual({
    rule: "sponsor-loses-no-more-than-quoted",
    verdict: "pass",
    observed: "7",
    limit: (input.cost.fee + input.cost.rent).toString(),
  });
});

import { describe, expect, test } from "vitest";
import type { SolanaPolicy } from "../../../contract/policy.ts";
import { ruleInput, type TransactionSketch, USER } from "../../../../test/support/decoded-transaction.ts";
import { COMPUTE_BUDGET_PROGRAM } from "../programs/known-programs.ts";
import { firstRefusal } from "../rule.ts";
import { traceRules } from "../trace.ts";
import { feeIsWithinBounds } from "./fee-is-within-bounds.ts";

const limit = { program: COMPUTE_BUDGET_PROGRAM, data: [2, 100, 0, 0, 0] };
const price = { program: COMPUTE_BUDGET_PROGRAM, data: [3, 50, 0, 0, 0, 0, 0, 0, 0] };
const precompile = { program: "Ed25519SigVerify111111111111111111111111111", data: [1] };
const v1 = (priorityFee: bigint, computeUnits?: bigint): Partial<TransactionSketch> => ({
  changes: { version: 1, config: { priorityFee, computeUnits } },
});

const refusalOf = (sketch: TransactionSketch, policy: Partial<SolanaPolicy> = {}) =>
  firstRefusal(feeIsWithinBounds, ruleInput(sketch, policy));

describe("the fee", () => {
  test.each<[string, Partial<SolanaPolicy>, TransactionSketch, [observed: string, limit: string]]>([
    ["number of signatures", { maxSignatures: 2 }, { signers: [USER, "friend"], instructions: [] }, ["3", "2"]],
    ["number of signatures", { maxSignatures: 2 }, { instructions: [precompile] }, ["3", "2"]],
    ["compute unit limit", { maxComputeUnits: 99 }, { instructions: [limit] }, ["100", "99"]],
    ["compute unit limit", { maxComputeUnits: 99 }, { instructions: [], ...v1(0n, 100n) }, ["100", "99"]],
    ["compute unit price", { maxComputeUnitPrice: "49" }, { instructions: [price, limit] }, ["50", "49"]],
    ["compute unit price", { maxComputeUnitPrice: "49" }, { instructions: [], ...v1(5n, 100_000n) }, ["50", "49"]],
    ["total fee", { maxFee: "9999" }, { instructions: [] }, ["10000", "9999"]],
    ["total fee", { maxFee: "10000" }, { instructions: [price, limit] }, ["10001", "10000"]],
    ["total fee", { maxFee: "10001" }, { instructions: [price] }, ["10070", "10001"]],
    ["total fee", { maxFee: "10004" }, { instructions: [], ...v1(5n) }, ["10005", "10004"]],
  ])("whose %s is above %j is refused", (what, policy, sketch, [observed, bound]) => {
    const told = { observed, limit: bound };
    expect(refusalOf(sketch, policy)).toMatchObject({ code: "policy.fee_exceeded", context: { what, ...told } });
    const failing = traceRules(feeIsWithinBounds, ruleInput(sketch, policy)).filter(
      ({ verdict }) => verdict === "fail",
    );
    expect(failing).toEqual([
      {
        rule: expect.any(String) as string,
        verdict: "fail",
        code: "policy.fee_exceeded",
        ...told,
        hint: expect.stringMatching(/raise the bound in the policy/) as string,
      },
    ]);
  });

  test("may be exactly what the policy says, and what it is compared with is told", () => {
    const policy = { maxSignatures: 2, maxComputeUnits: 100, maxComputeUnitPrice: "50", maxFee: "10001" };
    expect(traceRules(feeIsWithinBounds, ruleInput({ instructions: [limit, price] }, policy))).toEqual([
      { rule: "compute-budget-is-said-once", verdict: "pass" },
      { rule: "signatures-within-limit", verdict: "pass", observed: "2", limit: "2" },
      { rule: "compute-units-within-limit", verdict: "pass", observed: "100", limit: "100" },
      { rule: "compute-unit-price-within-limit", verdict: "pass", observed: "50", limit: "50" },
      { rule: "fee-within-limit", verdict: "pass", observed: "10001", limit: "10001" },
    ]);
  });

  test("of a transaction without a compute limit has none to be held against: its price counts the maximum", () => {
    const input = ruleInput({ instructions: [] }, { maxComputeUnits: 0 });
    const [, , units] = traceRules(feeIsWithinBounds, input);
    expect(units).toEqual({ rule: "compute-units-within-limit", verdict: "pass", observed: "0", limit: "0" });
  });

  test("of version 1 may be exactly what the policy says", () => {
    const policy = { maxSignatures: 2, maxComputeUnits: 100_000, maxComputeUnitPrice: "50", maxFee: "10005" };
    expect(refusalOf({ instructions: [], ...v1(5n, 100_000n) }, policy)).toBeUndefined();
  });

  test.each<[string, TransactionSketch]>([
    ["a limit set twice", { instructions: [limit, limit] }],
    ["a price set twice", { instructions: [price, price] }],
    ["a limit beside version 1's own config", { instructions: [limit], ...v1(0n) }],
    ["a price beside version 1's own config", { instructions: [price], ...v1(0n) }],
  ])("with %s is refused however low it is", (_, sketch) => {
    expect(refusalOf(sketch)).toMatchObject({ code: "policy.fee_exceeded", context: { what: "compute budget" } });
    const [said] = traceRules(feeIsWithinBounds, ruleInput(sketch));
    expect(said).toMatchObject({
      rule: "compute-budget-is-said-once",
      verdict: "fail",
      hint: expect.any(String) as string,
    });
  });

  test("that is beyond every bound is told once by the decision and wholly by the trace", () => {
    const policy = { maxSignatures: 1, maxComputeUnits: 1, maxComputeUnitPrice: "1", maxFee: "1" };
    const input = ruleInput({ instructions: [limit, limit, price] }, policy);
    const failing = traceRules(feeIsWithinBounds, input).filter(({ verdict }) => verdict === "fail");
    expect(failing.map(({ rule }) => rule)).toEqual(feeIsWithinBounds.map(({ name }) => name));
    expect(firstRefusal(feeIsWithinBounds, input)?.context).toEqual({ what: "compute budget" });
  });

  test("tells amounts beyond a double exactly", () => {
    const dearest = { program: COMPUTE_BUDGET_PROGRAM, data: [3, ...new Uint8Array(8).fill(255)] };
    expect(refusalOf({ instructions: [dearest] }, { maxComputeUnitPrice: "1" })?.context).toMatchObject({
      observed: "18446744073709551615",
      limit: "1",
    });
  });
});

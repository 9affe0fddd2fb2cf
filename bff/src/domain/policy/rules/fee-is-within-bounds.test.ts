import { describe, expect, test } from "vitest";
import { ruleInput, USER } from "../../../../test/support/decoded-transaction.ts";
import { COMPUTE_BUDGET_PROGRAM } from "../programs.ts";
import { feeIsWithinBounds } from "./fee-is-within-bounds.ts";

const limit = { program: COMPUTE_BUDGET_PROGRAM, data: [2, 100, 0, 0, 0] };
const price = { program: COMPUTE_BUDGET_PROGRAM, data: [3, 50, 0, 0, 0, 0, 0, 0, 0] };
const precompile = { program: "Ed25519SigVerify111111111111111111111111111", data: [1] };

describe("the fee", () => {
  test.each([
    ["number of signatures", { maxSignatures: 2 }, { signers: [USER, "friend"], instructions: [] }],
    ["number of signatures", { maxSignatures: 2 }, { instructions: [precompile] }],
    ["compute unit limit", { maxComputeUnits: 99 }, { instructions: [limit] }],
    ["compute unit price", { maxComputeUnitPrice: "49" }, { instructions: [price, limit] }],
    ["total fee", { maxFee: "9999" }, { instructions: [] }],
    ["total fee", { maxFee: "10000" }, { instructions: [price, limit] }],
    ["total fee", { maxFee: "10001" }, { instructions: [price] }],
  ])("whose %s is above %j is refused", (what, policy, sketch) => {
    expect(feeIsWithinBounds(ruleInput(sketch, policy))).toMatchObject({
      code: "policy.fee_exceeded",
      context: { what },
    });
  });

  test("may be exactly what the policy says", () => {
    const policy = { maxSignatures: 2, maxComputeUnits: 100, maxComputeUnitPrice: "50", maxFee: "10001" };
    expect(feeIsWithinBounds(ruleInput({ instructions: [limit, price] }, policy))).toBeUndefined();
  });

  test.each([
    ["limit", limit],
    ["price", price],
  ])("with a compute %s set twice is refused however low it is", (_, twice) => {
    const refusal = feeIsWithinBounds(ruleInput({ instructions: [twice, twice] }));
    expect(refusal).toMatchObject({ code: "policy.fee_exceeded", context: { what: "compute budget" } });
  });

  test("tells amounts beyond a double exactly", () => {
    const dearest = { program: COMPUTE_BUDGET_PROGRAM, data: [3, ...new Uint8Array(8).fill(255)] };
    const refusal = feeIsWithinBounds(ruleInput({ instructions: [dearest] }, { maxComputeUnitPrice: "1" }));
    expect(refusal?.context).toMatchObject({ observed: "18446744073709551615", limit: "1" });
  });
});

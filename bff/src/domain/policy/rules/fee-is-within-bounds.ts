import { type Refusal, refuse } from "../../refusal.ts";
import type { Rule } from "../rule.ts";

function exceeded(what: string, observed: bigint, limit: bigint): Refusal {
  return refuse("policy.fee_exceeded", `The ${what} is ${observed}; this project sponsors at most ${limit}.`, {
    what,
    observed: observed.toString(),
    limit: limit.toString(),
  });
}

export const feeIsWithinBounds: Rule = ({ cost, policy }) => {
  if (cost.isAmbiguous) {
    return refuse("policy.fee_exceeded", "The transaction sets its compute limit or price more than once.", {
      what: "compute budget",
    });
  }
  const bounds: [string, bigint, bigint][] = [
    ["number of signatures", cost.signatures, BigInt(policy.maxSignatures)],
    ["compute unit limit", cost.computeUnits ?? 0n, BigInt(policy.maxComputeUnits)],
    ["compute unit price", cost.computeUnitPrice, BigInt(policy.maxComputeUnitPrice)],
    ["total fee", cost.fee, BigInt(policy.maxFee)],
  ];
  const broken = bounds.find(([, observed, limit]) => observed > limit);
  return broken && exceeded(...broken);
};

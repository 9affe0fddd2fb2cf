import { refuse } from "../../refusal.ts";
import { fail, type Rule, type RuleInput } from "../rule.ts";

const HINT = "Lower it in the transaction, or raise the bound in the policy.";

/** A rule that compares one part of the cost with its bound. */
function within(
  name: string,
  what: string,
  read: (input: RuleInput) => readonly [observed: bigint, limit: bigint],
): Rule {
  return {
    name,
    check: (input) => {
      const [observed, limit] = read(input);
      const seen = { observed: observed.toString(), limit: limit.toString() };
      if (observed <= limit) return [{ verdict: "pass", ...seen }];
      const detail = `The ${what} is ${observed}; this project sponsors at most ${limit}.`;
      return [fail(refuse("policy.fee_exceeded", detail, { what, ...seen }), HINT, seen)];
    },
  };
}

const saidOnce: Rule = {
  name: "compute-budget-is-said-once",
  check: ({ cost }) =>
    cost.isAmbiguous
      ? [
          fail(
            refuse("policy.fee_exceeded", "The transaction sets its compute limit or price more than once.", {
              what: "compute budget",
            }),
            "Keep one SetComputeUnitLimit and one SetComputeUnitPrice; in version 1, keep to the message's own config.",
          ),
        ]
      : [],
};

/** What the network may be paid. */
export const feeIsWithinBounds: readonly Rule[] = [
  saidOnce,
  within("signatures-within-limit", "number of signatures", ({ cost, policy }) => [
    cost.signatures,
    BigInt(policy.document.maxSignatures),
  ]),
  within("compute-units-within-limit", "compute unit limit", ({ cost, policy }) => [
    cost.computeUnits ?? 0n,
    BigInt(policy.document.maxComputeUnits),
  ]),
  within("compute-unit-price-within-limit", "compute unit price", ({ cost, policy }) => [
    cost.computeUnitPrice,
    policy.maxComputeUnitPrice,
  ]),
  within("fee-within-limit", "total fee", ({ cost, policy }) => [cost.fee, policy.maxFee]),
];

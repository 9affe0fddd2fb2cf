import { fail } from "../../../../../domain/policy/rule.ts";
import { refuse } from "../../../../../domain/refusal.ts";
import { type GroupInput, type GroupRule, userEntries } from "../group-input.ts";

/** A rule that compares one part of the group with its bound. */
function within(
  name: string,
  what: string,
  hint: string,
  read: (input: GroupInput) => readonly [observed: bigint, limit: bigint],
): GroupRule {
  return {
    name,
    check: (input) => {
      const [observed, limit] = read(input);
      const seen = { observed: observed.toString(), limit: limit.toString() };
      if (observed <= limit) return [{ verdict: "pass", ...seen }];
      const detail = `The ${what} is ${observed}; this project sponsors at most ${limit}.`;
      return [fail(refuse("policy.fee_exceeded", detail, { what, ...seen }), hint, seen)];
    },
  };
}

const userFees = ({ group }: GroupInput): bigint =>
  userEntries(group).reduce((sum, [, { transaction }]) => sum + transaction.fee, 0n);

/** What the network may be paid. */
export const feeIsWithinBounds: readonly GroupRule[] = [
  within(
    "transactions-within-limit",
    "number of the user's transactions",
    "Send fewer at a time, or raise `maxTransactions` of the policy.",
    ({ group, policy }) => [BigInt(userEntries(group).length), BigInt(policy.maxTransactions)],
  ),
  within(
    "user-pays-no-fee",
    "fee of the user's own transactions",
    "Set the fee of the user's transactions to 0: the sponsor's pays for all of them.",
    (input) => [userFees(input), 0n],
  ),
  within(
    "fee-within-limit",
    "fee of the whole group",
    "Use the group that prepare gives, or raise `maxFee` of the policy.",
    (input) => [input.cost.fee + userFees(input), input.policy.maxFee],
  ),
];

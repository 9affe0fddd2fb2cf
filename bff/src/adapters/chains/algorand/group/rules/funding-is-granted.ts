import { fail } from "../../../../../domain/policy/rule.ts";
import { refuse } from "../../../../../domain/refusal.ts";
import { grantableItems } from "../granted-items.ts";
import type { GroupRule } from "../group-input.ts";

/** The minimum balance is a switch of its own: what is given once stays the user's. */
export const fundingIsGranted: GroupRule = {
  name: "minimum-balance-is-granted",
  check: ({ group, policy, cost: { rent } }) => {
    if (rent === 0n) return [];
    const sponsored = group.entries[0]?.transaction;
    const receiver = sponsored?.type === "pay" ? sponsored.receiver : "";
    const { bound } = grantableItems(group, policy, receiver);
    const limit = bound < policy.maxRent ? bound : policy.maxRent;
    const seen = { observed: rent.toString(), limit: limit.toString() };
    if (rent <= limit) return [{ verdict: "pass", ...seen }];
    const detail =
      limit === 0n
        ? "This project does not give the minimum balance for this group."
        : `The sponsor would give ${rent} microalgos; this project gives at most ${limit} for this group.`;
    return [
      fail(
        refuse("policy.rent_not_sponsored", detail, seen),
        "Use the group that prepare gives, or set `minimumBalance` and `maxRent` of the policy and a budget of rent.",
        seen,
      ),
    ];
  },
};

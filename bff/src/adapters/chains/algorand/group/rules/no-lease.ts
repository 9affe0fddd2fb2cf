import { fail } from "../../../../../domain/policy/rule.ts";
import { refuse } from "../../../../../domain/refusal.ts";
import { type GroupRule, userEntries } from "../group-input.ts";

/** A lease would let one transaction keep another from landing, whose budget is held meanwhile. No policy can allow it. */
export const noLease: GroupRule = {
  name: "no-lease",
  check: ({ group }) =>
    userEntries(group).flatMap(([instruction, { transaction }]) => {
      if (!transaction.hasLease) return [];
      const detail = "Transactions with a lease are not sponsored.";
      return [
        fail(
          refuse("policy.argument_not_allowed", detail, { instruction }),
          "Leave the lease out of the transaction.",
          {
            instruction,
          },
        ),
      ];
    }),
};

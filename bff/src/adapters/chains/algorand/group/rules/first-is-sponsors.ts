import { refuse } from "../../../../../domain/refusal.ts";
import { fail } from "../../../../../domain/policy/rule.ts";
import type { GroupRule } from "../group-input.ts";

/** One of the project's own sponsors, or one that it had until a moment ago: never another project's. */
export const firstIsSponsors: GroupRule = {
  name: "fee-payer-is-sponsor",
  check: ({ group: { entries }, acceptedSponsors }) =>
    acceptedSponsors.includes(entries[0]?.transaction.sender ?? "")
      ? []
      : [
          fail(
            refuse(
              "transaction.wrong_fee_payer",
              "The first transaction of the group is not of a sponsor of this project. Prepare it again.",
            ),
            "Send the group as POST /v1/relays/prepare gave it: the sponsor's transaction is its first.",
          ),
        ],
};

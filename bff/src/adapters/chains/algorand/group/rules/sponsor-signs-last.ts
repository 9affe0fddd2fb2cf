import { refuse } from "../../../../../domain/refusal.ts";
import { fail } from "../../../../../domain/policy/rule.ts";
import type { GroupRule } from "../group-input.ts";

export const sponsorSignsLast: GroupRule = {
  name: "sponsor-signs-last",
  check: ({ group: { entries } }) =>
    entries[0]?.kind === "unsigned"
      ? []
      : [
          fail(
            refuse(
              "transaction.signature_invalid",
              "The sponsor's transaction must come without a signature: the sponsor signs last.",
            ),
            "Send the first transaction as POST /v1/relays/prepare gave it.",
            { instruction: 0 },
          ),
        ],
};

import { refuse } from "../../refusal.ts";
import { fail, type Rule } from "../rule.ts";

/** One of the project's own sponsors, or one that it had until a moment ago: never another project's. */
export const feePayerIsSponsor: Rule = {
  name: "fee-payer-is-sponsor",
  check: ({ transaction, acceptedSponsors }) =>
    acceptedSponsors.includes(transaction.accounts[0] ?? "")
      ? []
      : [
          fail(
            refuse(
              "transaction.wrong_fee_payer",
              "The fee payer of this transaction is not a sponsor of this project. Prepare it again.",
            ),
            "Set the fee payer to the `feePayer` that POST /v1/relays/prepare gives, as the first account.",
          ),
        ],
};

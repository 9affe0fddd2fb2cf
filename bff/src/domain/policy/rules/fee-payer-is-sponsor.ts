import { isZero } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import type { Rule } from "../rule.ts";

/** The project's own sponsor, or the one it had until a moment ago: never another project's. */
export const feePayerIsSponsor: Rule = ({ transaction, acceptedSponsors }) => {
  if (!acceptedSponsors.includes(transaction.accounts[0] ?? "")) {
    return refuse(
      "transaction.wrong_fee_payer",
      "The fee payer of this transaction is not a sponsor of this project. Prepare it again.",
    );
  }
  const slot = transaction.signatures[0];
  return slot && isZero(slot)
    ? undefined
    : refuse(
        "transaction.signature_invalid",
        "The sponsor's signature slot must hold 64 zero bytes: the sponsor signs last.",
      );
};

import { isZero } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import type { Rule } from "../rule.ts";

/** The project's own sponsor, or one that is draining and was given out before: never what is given to other projects. */
export const feePayerIsSponsor: Rule = ({ transaction, sponsorPool, sponsorAddress }) => {
  const feePayer = transaction.accounts[0];
  const sponsor = sponsorPool.find(
    ({ address, state }) =>
      address === feePayer && (state === "draining" || (state === "active" && address === sponsorAddress)),
  );
  if (!sponsor) {
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

import { isZero } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import { fail, type Rule } from "../rule.ts";

export const sponsorSignsLast: Rule = {
  name: "sponsor-signs-last",
  check: ({ transaction: { signatures } }) =>
    signatures[0] && isZero(signatures[0])
      ? []
      : [
          fail(
            refuse(
              "transaction.signature_invalid",
              "The sponsor's signature slot must hold 64 zero bytes: the sponsor signs last.",
            ),
            "Leave the fee payer's signature out: encode the transaction with 64 zero bytes in its place.",
          ),
        ],
};

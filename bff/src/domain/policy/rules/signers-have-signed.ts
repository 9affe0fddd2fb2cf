import { isZero } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import type { Rule } from "../rule.ts";

/** The session's wallet must be a signer, or a transaction that only the sponsor signs would pass everything else. */
export const signersHaveSigned: Rule = ({ transaction, sessionAddress }) => {
  const signers = transaction.accounts.slice(1, transaction.requiredSignatures);
  if (!signers.includes(sessionAddress)) {
    return refuse(
      "transaction.signature_missing",
      "The signed-in wallet must be among the signers of the transaction.",
      {
        signer: sessionAddress,
      },
    );
  }
  const unsigned = signers.find((_, index) => isZero(transaction.signatures[index + 1] ?? new Uint8Array(64)));
  return unsigned === undefined
    ? undefined
    : refuse("transaction.signature_missing", "A required signer has not signed the transaction.", {
        signer: unsigned,
      });
};

import { isZero } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import { fail, type Rule, type RuleInput } from "../rule.ts";

const signersOf = ({ transaction }: Pick<RuleInput, "transaction">): readonly string[] =>
  transaction.accounts.slice(1, transaction.requiredSignatures);

/** True when a wallet of the session's user must sign it. */
export const isSignedByUser = (input: Pick<RuleInput, "transaction" | "sessionAddress" | "linkedAddresses">): boolean =>
  signersOf(input).some((signer) => signer === input.sessionAddress || input.linkedAddresses?.includes(signer));

/** A wallet of the user must be a signer, or a transaction that only the sponsor signs would pass everything else. */
export const walletIsSigner: Rule = {
  name: "wallet-is-signer",
  check: (input) =>
    isSignedByUser(input)
      ? []
      : [
          fail(
            refuse(
              "transaction.signature_missing",
              "The signed-in wallet must be among the signers of the transaction.",
              {
                signer: input.sessionAddress,
              },
            ),
            "Let an instruction name the wallet as a signer; a memo by the wallet is enough.",
          ),
        ],
};

export const signersHaveSigned: Rule = {
  name: "signers-have-signed",
  check: (input) => {
    const { signatures } = input.transaction;
    const unsigned = signersOf(input).find((_, index) => isZero(signatures[index + 1] ?? new Uint8Array(64)));
    if (unsigned === undefined) return [];
    return [
      fail(
        refuse("transaction.signature_missing", "A required signer has not signed the transaction.", {
          signer: unsigned,
        }),
        "Let every signer but the sponsor sign before the transaction is posted.",
      ),
    ];
  },
};

import { refuse } from "../../../../../domain/refusal.ts";
import { fail } from "../../../../../domain/policy/rule.ts";
import { type GroupInput, type GroupRule, isUserWallet, userEntries } from "../group-input.ts";

const SIGNED_BY = {
  msig: "several keys",
  lsig: "a program instead of a key",
  pqsig: "a post-quantum key",
} as const;

/** True when a wallet of the session's user sends one of the transactions, and so has to sign it. */
export const isSentByUser = (input: Pick<GroupInput, "group" | "sessionAddress" | "linkedAddresses">): boolean =>
  userEntries(input.group).some(([, { transaction }]) => isUserWallet(input, transaction.sender));

/** A wallet of the user must send something, or a group of the sponsor's and strangers' would pass everything else. */
export const walletIsSender: GroupRule = {
  name: "wallet-is-sender",
  check: (input) => {
    if (isSentByUser(input)) return [];
    const detail = "The signed-in wallet must be the sender of a transaction of the group.";
    return [
      fail(
        refuse("transaction.signature_missing", detail, { signer: input.sessionAddress }),
        "Let the wallet send one of the transactions; a payment of nothing to itself is enough, where it is allowed.",
      ),
    ];
  },
};

export const signersHaveSigned: GroupRule = {
  name: "signers-have-signed",
  check: ({ group }) => {
    const found = userEntries(group).find(([, { kind }]) => kind !== "sig");
    if (!found || found[1].kind === "sig") return [];
    const [instruction, { kind, transaction }] = found;
    const context = { signer: transaction.sender, instruction };
    if (kind === "unsigned") {
      const detail = "A transaction of the group has not been signed by its sender.";
      return [
        fail(
          refuse("transaction.signature_missing", detail, context),
          "Let every sender but the sponsor sign before the group is posted.",
          { instruction },
        ),
      ];
    }
    const detail = `Transactions that are signed by ${SIGNED_BY[kind]} are not supported.`;
    return [
      fail(refuse("transaction.signature_invalid", detail, context), "Send from an account whose one key signs.", {
        instruction,
      }),
    ];
  },
};

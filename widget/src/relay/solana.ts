import { toBase64 } from "../base64.ts";
import { GaslessError } from "../errors.ts";
import type { RelayPlan, WalletDriver } from "../wallets/types.ts";
import { readInput, type SponsorInput } from "./input.ts";
import { messageOf, readMessage, unsignedTransaction } from "./message.ts";

/** One transaction of Solana's, which the sponsor pays and the user signs. @throws request.invalid and what decoding finds */
export function planSolana(input: SponsorInput, driver: WalletDriver): RelayPlan {
  const buildMessage = readInput(input);
  return {
    request: {},
    async sign({ feePayer, lifetime }, signer) {
      // The networks of other families have lifetimes of another kind.
      const { blockhash } = lifetime as Extract<typeof lifetime, { readonly blockhash: string }>;
      const message = buildMessage(feePayer, blockhash, signer);
      const { requiredSignatures, accounts } = readMessage(message);
      if (!accounts.slice(1, requiredSignatures).includes(signer)) {
        throw new GaslessError("transaction.signature_missing", "The signed-in wallet must sign the transaction.");
      }
      const signed = await driver.signTransaction(signer, unsignedTransaction(message));
      return {
        body: { transaction: toBase64(signed) },
        hasWalletChangedIt: assertStillSponsored(message, signed, feePayer, driver.name),
      };
    },
  };
}

/** Wallets may add guards and a price of their own; who pays must stay. True when the message is another one. */
function assertStillSponsored(asked: Uint8Array, signed: Uint8Array, feePayer: string, walletName: string): boolean {
  const message = messageOf(signed);
  if (readMessage(message).accounts[0] !== feePayer) {
    const detail = `${walletName} made itself the fee payer of the transaction, so that it cannot be sponsored.`;
    throw new GaslessError("wallet.transaction_changed", detail);
  }
  return asked.length !== message.length || asked.some((byte, index) => byte !== message[index]);
}

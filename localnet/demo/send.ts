import { setTimeout as sleep } from "node:timers/promises";
import {
  appendTransactionMessageInstructions,
  createTransactionMessage,
  getBase64EncodedWireTransaction,
  type Instruction,
  type KeyPairSigner,
  pipe,
  type Rpc,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
  type SolanaRpcApi,
} from "@solana/kit";

/** Lands instructions as one transaction and waits until it is confirmed. @throws Error when it does not land */
export type Sender = (instructions: readonly Instruction[]) => Promise<void>;

const COMMITMENT = { commitment: "confirmed" } as const;
const POLL_MS = 50;
const MAX_POLLS = 400;

/** A sender for each payer; signers are taken from the instructions. */
export function createSender(rpc: Rpc<SolanaRpcApi>): (payer: KeyPairSigner) => Sender {
  return (payer) => async (instructions) => {
    const { value: lifetime } = await rpc.getLatestBlockhash(COMMITMENT).send();
    const transaction = await signTransactionMessageWithSigners(
      pipe(
        createTransactionMessage({ version: 0 }),
        (message) => setTransactionMessageFeePayerSigner(payer, message),
        (message) => setTransactionMessageLifetimeUsingBlockhash(lifetime, message),
        (message) => appendTransactionMessageInstructions(instructions, message),
      ),
    );
    const wire = getBase64EncodedWireTransaction(transaction);
    const options = { encoding: "base64", preflightCommitment: "confirmed" } as const;
    const id = await rpc.sendTransaction(wire, options).send();
    for (let poll = 0; poll < MAX_POLLS; poll += 1) {
      const status = (await rpc.getSignatureStatuses([id]).send()).value[0];
      if (status && status.err !== null) throw new Error(`the transaction ${id} failed`);
      if (status && status.confirmationStatus !== "processed") return;
      await sleep(POLL_MS);
    }
    throw new Error(`the transaction ${id} was not confirmed`);
  };
}

import { hash } from "node:crypto";
import {
  address,
  appendTransactionMessageInstructions,
  blockhash,
  createTransactionMessage,
  createKeyPairSignerFromPrivateKeyBytes,
  getTransactionEncoder,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
  AccountRole,
} from "@solana/kit";
import type { Address } from "@solana/kit";
import type { Chain } from "./chain.ts";
import { RPC_CODES, RpcError } from "./rpc-error.ts";
import { SYSTEM_PROGRAM } from "./svm.ts";
import { messageOf } from "./transaction-errors.ts";
import { decodeTransaction } from "./wire-transaction.ts";

/** Sends lamports from the faucet; gives the signature of the transaction that did it. */
export type Airdrop = (recipient: Address, lamports: bigint) => Promise<string>;

const MEMO_PROGRAM = address("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");
const FAUCET_LAMPORTS = 2n ** 62n;
const TRANSFER = 2;

export async function createAirdrop(chain: Chain, genesisHash: string): Promise<Airdrop> {
  // From the genesis hash, so that a chain that goes on from a snapshot keeps its one faucet.
  const seed = hash("sha256", `faucet of ${genesisHash}`, "buffer");
  const faucet = await createKeyPairSignerFromPrivateKeyBytes(new Uint8Array(seed));
  const encoder = getTransactionEncoder();
  let count = 0;

  return async (recipient, lamports) => {
    chain.svm.writeAccount(faucet.address, {
      lamports: FAUCET_LAMPORTS,
      owner: SYSTEM_PROGRAM,
      executable: false,
      data: new Uint8Array(),
    });
    count += 1;
    const transfer = {
      programAddress: SYSTEM_PROGRAM,
      accounts: [
        { address: faucet.address, role: AccountRole.WRITABLE_SIGNER },
        { address: recipient, role: AccountRole.WRITABLE },
      ],
      data: encodeTransfer(lamports),
    };
    // Two equal airdrops within a slot would be one transaction without it.
    const memo = { programAddress: MEMO_PROGRAM, data: new TextEncoder().encode(`airdrop ${count}`) };
    const { blockhash: recent, height } = chain.blocks.newest();
    const transaction = await signTransactionMessageWithSigners(
      pipe(
        createTransactionMessage({ version: 0 }),
        (message) => setTransactionMessageFeePayerSigner(faucet, message),
        (message) =>
          setTransactionMessageLifetimeUsingBlockhash(
            { blockhash: blockhash(recent), lastValidBlockHeight: height },
            message,
          ),
        (message) => appendTransactionMessageInstructions([transfer, memo], message),
      ),
    );
    const landing = chain.land(decodeTransaction(new Uint8Array(encoder.encode(transaction))));
    const error = landing.kind === "landed" ? landing.transaction.error : landing.error;
    if (error !== null || landing.kind !== "landed") {
      throw new RpcError(RPC_CODES.internalError, `Airdrop failed: ${messageOf(error ?? "GenericError")}`);
    }
    return landing.transaction.signature;
  };
}

function encodeTransfer(lamports: bigint): Uint8Array {
  const data = new Uint8Array(12);
  const view = new DataView(data.buffer);
  view.setUint32(0, TRANSFER, true);
  view.setBigUint64(4, lamports, true);
  return data;
}

import { base58 } from "@scure/base";
import { MEMO_PROGRAM } from "./instructions.ts";
import type { Chain, ChainTransaction } from "./rpc.ts";

export interface Note {
  readonly author: string;
  readonly text: string;
  /** Seconds; null when the chain does not tell. */
  readonly writtenAt: number | null;
}

const LOOK_AT = 40;
const MAX_NOTES = 8;
const MAX_CHARACTERS = 140;

/** The newest signed memos that name `address`, as the chain has them. */
export async function readNotes(chain: Chain, address: string): Promise<readonly Note[]> {
  const transactions = await chain.listTransactions(address, LOOK_AT);
  return transactions.flatMap(findNotes).slice(0, MAX_NOTES);
}

/** A memo with one signer; those without anybody's signature are the faucet's. */
function findNotes({ transaction, meta, blockTime }: ChainTransaction): readonly Note[] {
  const { accountKeys, instructions } = transaction.message;
  if (meta.err !== null) return [];
  return instructions.flatMap(({ programIdIndex, accounts, data }) => {
    const author = accounts.length === 1 ? accountKeys[accounts[0] ?? -1] : undefined;
    if (accountKeys[programIdIndex] !== MEMO_PROGRAM || author === undefined) return [];
    const text = new TextDecoder().decode(base58.decode(data)).trim().slice(0, MAX_CHARACTERS);
    return text === "" ? [] : [{ author, text, writtenAt: blockTime }];
  });
}

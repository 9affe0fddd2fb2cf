import { encodeMsgpack, type MsgpackMap } from "../msgpack.ts";
import type { Ask } from "../../rpc/rpc-pool.ts";
import type { RpcCall } from "../../rpc/exchange.ts";
import {
  type Account,
  AccountAnswer,
  BlockTxidsAnswer,
  HoldingAnswer,
  type Params,
  ParamsAnswer,
  PendingAnswer,
  SendAnswer,
  SimulateAnswer,
  StatusAnswer,
} from "./answers.ts";

/** Blocks of Algorand are final at once: there is one kind of standing. */
const at = (round: bigint) => ({ commitment: "finalized", slot: round }) as const;

/** The network is the configured one: whatever else a node says here, it is not believed. */
export const paramsCall = (genesisHash: string): RpcCall<Params> => ({
  method: "params",
  params: [],
  answer: ParamsAnswer.refine((params) => params.genesisHash === genesisHash, "it is of another network"),
  standing: ({ round }) => at(round),
});

export const statusCall: RpcCall<bigint> = { method: "status", params: [], answer: StatusAnswer, standing: at };

export const accountCall = (address: string): RpcCall<Account> => ({
  method: "account",
  params: [address],
  // Another account's would be taken for this one's.
  answer: AccountAnswer.refine((account) => account.address === address, "it is another account"),
  standing: ({ round }) => at(round),
});

export const holdingCall = (address: string, asset: bigint): RpcCall<boolean> => ({
  method: "holding",
  params: [address, asset],
  answer: HoldingAnswer,
});

export const pendingCall = (transactionId: string) => ({
  method: "pending",
  params: [transactionId],
  answer: PendingAnswer,
});

export const blockTxidsCall = (round: bigint) => ({ method: "block_txids", params: [round], answer: BlockTxidsAnswer });

export const sendCall = (wire: Uint8Array) => ({ method: "send", params: [wire], answer: SendAnswer });

/**
 * Signatures that are there are verified; one that is not counts as right, by whatever key signs for the account now.
 * Source: algod REST API v2, SimulateRequest.
 */
export function simulateCall(transactions: readonly MsgpackMap[]) {
  const request = encodeMsgpack({
    "allow-empty-signatures": true,
    "fix-signers": true,
    "txn-groups": [{ txns: transactions }],
  });
  return {
    method: "simulate",
    params: [request],
    answer: SimulateAnswer,
    standing: (told: { readonly round: bigint } | { readonly refusal: string }) =>
      "round" in told ? at(told.round) : undefined,
  };
}

/** The accounts of these addresses, as one node tells them, by address. */
export async function askAccounts(ask: Ask, addresses: readonly string[]): Promise<ReadonlyMap<string, Account>> {
  const accounts = await Promise.all(addresses.map((address) => ask(accountCall(address))));
  return new Map(accounts.map((account) => [account.address, account]));
}

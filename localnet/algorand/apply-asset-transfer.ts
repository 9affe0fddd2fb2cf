import type { Transaction } from "algosdk";
import { readAsset, writeHolding } from "./apply-asset.ts";
import { readAccount } from "./ledger-state.ts";
import type { State } from "./ledger-state.ts";
import { Refusal } from "./refusal.ts";
import { ZERO_ADDRESS } from "./wire-transaction.ts";

/** Opt-in, transfer, clawback, opt-out; gives the amount that closing the holding moved. */
export function applyAssetTransfer(state: State, transaction: Transaction): bigint {
  const { assetTransfer } = transaction;
  if (assetTransfer === undefined) throw new Refusal("the asset transfer has no fields");
  const { assetIndex: id, amount, closeRemainderTo } = assetTransfer;
  const sender = transaction.sender.toString();
  const receiver = assetTransfer.receiver.toString();
  const clawbackFrom = assetTransfer.assetSender?.toString() ?? null;
  if (clawbackFrom !== null) assertMayClawBack(state, id, sender);
  const source = clawbackFrom ?? sender;
  const isClawback = clawbackFrom !== null;
  if (amount === 0n && receiver === source && !isClawback) optIn(state, source, id);
  takeOut(state, source, id, amount, isClawback);
  putIn(state, receiver, id, amount, isClawback);
  return closeRemainderTo === undefined ? 0n : closeHolding(state, source, id, closeRemainderTo.toString());
}

function assertMayClawBack(state: State, id: bigint, sender: string): void {
  const { clawback } = readAsset(state, id);
  if (clawback === sender) return;
  throw new Refusal(`clawback not allowed: sender ${sender}, clawback ${clawback ?? ZERO_ADDRESS}`);
}

function optIn(state: State, address: string, id: bigint): void {
  if (readAccount(state, address).holdings.has(id)) return;
  writeHolding(state, address, id, { amount: 0n, isFrozen: readAsset(state, id).isFrozenByDefault });
}

function closeHolding(state: State, source: string, id: bigint, recipient: string): bigint {
  const account = readAccount(state, source);
  if (account.holdings.size === 0) {
    throw new Refusal(`cannot close asset holding on account ${source} : account is not opted in asset ${id} `);
  }
  if (account.created.has(id)) throw new Refusal("cannot close asset ID in allocating account");
  const held = account.holdings.get(id);
  if (held === undefined) throw new Refusal(`asset ${id} not present in account ${source}`);
  // What goes back to the creator goes back even when it is frozen.
  const isForced = readAccount(state, recipient).created.has(id);
  takeOut(state, source, id, held.amount, isForced);
  putIn(state, recipient, id, held.amount, isForced);
  const left = readAccount(state, source).holdings.get(id)?.amount ?? 0n;
  if (left !== 0n) throw new Refusal(`asset ${id} not zero (${left}) after closing`);
  writeHolding(state, source, id, undefined);
  return held.amount;
}

function takeOut(state: State, address: string, id: bigint, amount: bigint, isForced: boolean): void {
  if (amount === 0n) return;
  const holding = readAccount(state, address).holdings.get(id);
  if (holding === undefined) throw new Refusal(`asset ${id} missing from ${address}`);
  if (holding.isFrozen && !isForced) throw new Refusal(`asset ${id} frozen in ${address}`);
  if (holding.amount < amount) {
    throw new Refusal(`underflow on subtracting ${amount} from sender amount ${holding.amount}`);
  }
  writeHolding(state, address, id, { ...holding, amount: holding.amount - amount });
}

function putIn(state: State, address: string, id: bigint, amount: bigint, isForced: boolean): void {
  if (amount === 0n) return;
  const holding = readAccount(state, address).holdings.get(id);
  if (holding === undefined) throw new Refusal(`receiver error: must optin, asset ${id} missing from ${address}`);
  if (holding.isFrozen && !isForced) throw new Refusal("asset frozen in recipient");
  writeHolding(state, address, id, { ...holding, amount: holding.amount + amount });
}

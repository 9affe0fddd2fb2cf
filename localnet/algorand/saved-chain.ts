import { createBlock } from "./blocks.ts";
import type { Landed, LedgerBlock } from "./blocks.ts";
import type { Chain, ChainStart } from "./chain.ts";
import type { Genesis } from "./genesis.ts";
import { createState } from "./ledger-state.ts";
import type { Account, Asset, State, Table } from "./ledger-state.ts";
import { readWireTransaction } from "./wire-transaction.ts";
import type { WireTransaction } from "./wire-transaction.ts";

/** A chain as JSON: amounts and numbers as decimal strings, bytes in base64. */
export type SavedChain = {
  readonly accounts: readonly SavedAccount[];
  readonly assets: readonly (SavedAsset & { readonly id: string })[];
  readonly transactions: readonly SavedExpiry[];
  readonly leases: readonly SavedExpiry[];
  readonly transactionCount: string;
  readonly blocks: readonly SavedBlock[];
  readonly pending: readonly (readonly string[])[];
};

type SavedExpiry = readonly [key: string, lastRound: string];

type SavedAccount = {
  readonly address: string;
  readonly microAlgos: string;
  readonly authAddress: string | null;
  readonly holdings: readonly (readonly [id: string, amount: string, isFrozen: boolean])[];
  readonly created: readonly string[];
};

type SavedAsset = Omit<Asset, "total" | "metadataHash"> & {
  readonly total: string;
  readonly metadataHash: string | null;
};

type SavedBlock = {
  readonly round: string;
  readonly timeMs: number;
  readonly seed: string;
  readonly previousHash: string;
  readonly transactionCount: string;
  readonly transactions: readonly SavedLanded[];
};

type SavedLanded = readonly [wire: string, closingAmount: string, assetClosingAmount: string, assetId: string | null];

export function toSavedChain(chain: Chain): SavedChain {
  const { state } = chain;
  return {
    accounts: entriesOf(state.accounts).map(([address, account]) => toSavedAccount(address, account)),
    assets: entriesOf(state.assets).map(([id, { total, metadataHash, ...asset }]) => ({
      ...asset,
      id: id.toString(),
      total: total.toString(),
      metadataHash: metadataHash === null ? null : toBase64(metadataHash),
    })),
    transactions: entriesOf(state.transactions).map(([key, round]) => [key, round.toString()]),
    leases: entriesOf(state.leases).map(([key, round]) => [key, round.toString()]),
    transactionCount: state.transactionCount.toString(),
    blocks: chain.blocks.all().map(toSavedBlock),
    pending: chain.pendingGroups().map((group) => group.map(({ bytes }) => toBase64(bytes))),
  };
}

/** @throws Error when the content is not what `toSavedChain` gives. */
export function toStart(genesis: Genesis, saved: SavedChain): ChainStart {
  if (saved.blocks.length === 0) throw new Error("it has no block");
  return {
    state: toState(saved),
    blocks: saved.blocks.map((block) => toLedgerBlock(genesis, block)),
    pending: saved.pending.map((group) => group.map(toWire)),
  };
}

function toState(saved: SavedChain): State {
  const state = createState();
  for (const account of saved.accounts) state.accounts.set(account.address, toAccount(account));
  for (const { id, total, metadataHash, ...asset } of saved.assets) {
    const hash = metadataHash === null ? null : toBytes(metadataHash);
    state.assets.set(BigInt(id), { ...asset, total: BigInt(total), metadataHash: hash });
  }
  for (const [key, round] of saved.transactions) state.transactions.set(key, BigInt(round));
  for (const [key, round] of saved.leases) state.leases.set(key, BigInt(round));
  state.transactionCount = BigInt(saved.transactionCount);
  return state;
}

function toSavedAccount(address: string, { microAlgos, authAddress, holdings, created }: Account): SavedAccount {
  return {
    address,
    microAlgos: microAlgos.toString(),
    authAddress,
    holdings: [...holdings].map(([id, { amount, isFrozen }]) => [id.toString(), amount.toString(), isFrozen]),
    created: [...created].map(String),
  };
}

function toAccount({ microAlgos, authAddress, holdings, created }: SavedAccount): Account {
  return {
    microAlgos: BigInt(microAlgos),
    authAddress,
    holdings: new Map(holdings.map(([id, amount, isFrozen]) => [BigInt(id), { amount: BigInt(amount), isFrozen }])),
    created: new Set(created.map(BigInt)),
  };
}

function toSavedBlock({ round, timeMs, header, transactions }: LedgerBlock): SavedBlock {
  return {
    round: round.toString(),
    timeMs,
    seed: toBase64(header.seed),
    previousHash: toBase64(header.branch),
    transactionCount: header.txnCounter.toString(),
    transactions: transactions.map(({ wire, effects: { closingAmount, assetClosingAmount, assetId } }) => [
      toBase64(wire.bytes),
      closingAmount.toString(),
      assetClosingAmount.toString(),
      assetId?.toString() ?? null,
    ]),
  };
}

function toLedgerBlock(genesis: Genesis, { round, timeMs, transactions, ...saved }: SavedBlock): LedgerBlock {
  return createBlock(genesis, {
    round: BigInt(round),
    timeMs,
    transactions: transactions.map((landed) => toLanded(BigInt(round), landed)),
    transactionCount: BigInt(saved.transactionCount),
    previousHash: toBytes(saved.previousHash),
    seed: toBytes(saved.seed),
  });
}

function toLanded(round: bigint, [wire, closingAmount, assetClosingAmount, assetId]: SavedLanded): Landed {
  const effects = {
    closingAmount: BigInt(closingAmount),
    assetClosingAmount: BigInt(assetClosingAmount),
    assetId: assetId === null ? null : BigInt(assetId),
  };
  return { wire: toWire(wire), round, effects };
}

function toWire(bytes: string): WireTransaction {
  return readWireTransaction(toBytes(bytes));
}

function entriesOf<Key, Value>(table: Table<Key, Value>): [Key, Value][] {
  return [...table.written()].flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function toBytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "base64"));
}

import { Transaction, TransactionType, computeGroupID } from "algosdk";
import { applyAssetConfig, applyAssetFreeze } from "./apply-asset.ts";
import { applyAssetTransfer } from "./apply-asset-transfer.ts";
import { applyPayment, applyRekey, takeFee } from "./apply-payment.ts";
import { isEmpty, leaseKey, minBalanceOf, openDraft, readAccount } from "./ledger-state.ts";
import type { Draft, State } from "./ledger-state.ts";
import { Refusal } from "./refusal.ts";
import { ZERO_ADDRESS } from "./wire-transaction.ts";
import type { WireTransaction } from "./wire-transaction.ts";

/** The round a group would land in, and the chain it would land on. */
export interface Surroundings {
  readonly round: bigint;
  readonly genesisId: string;
  readonly genesisHash: Uint8Array;
  readonly feeSink: string;
}

/** What one transaction did besides what it says. */
export interface Effects {
  readonly closingAmount: bigint;
  readonly assetClosingAmount: bigint;
  /** Of an asset that it created. */
  readonly assetId: bigint | null;
}

export type Evaluation =
  | { readonly kind: "accepted"; readonly draft: Draft; readonly effects: readonly Effects[] }
  | {
      readonly kind: "refused";
      readonly message: string;
      /** The transaction that was refused. */
      readonly index: number;
      /** Of those before it, which did not happen either. */
      readonly effects: readonly Effects[];
    };

/** Executes a group above the state, all or nothing; nothing has happened until the draft is committed. */
export function evaluateGroup(state: State, group: readonly WireTransaction[], at: Surroundings): Evaluation {
  const draft = openDraft(state);
  const effects: Effects[] = [];
  let index = 0;
  try {
    for (const wire of group) {
      effects.push(evaluateOne(draft, wire, at));
      assertSameGroup(group, index);
      index += 1;
    }
    index = 0;
    assertWholeGroup(group);
    return { kind: "accepted", draft, effects };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", message: error.message, index, effects };
    throw error;
  }
}

function evaluateOne(draft: Draft, wire: WireTransaction, at: Surroundings): Effects {
  assertAlive(wire.transaction, at);
  assertNotRepeated(draft, wire, at.round);
  assertAuthorized(draft, wire);
  let effects: Effects;
  try {
    effects = apply(draft, wire.transaction, at.feeSink);
    assertMinBalances(draft, at.feeSink);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(`transaction ${wire.id}: ${error.message}`, { cause: error });
    throw error;
  }
  const { lastValid, lease } = wire.transaction;
  draft.transactions.set(wire.id, lastValid);
  if (lease !== undefined) draft.leases.set(leaseKey(wire.sender, lease), lastValid);
  draft.transactionCount += 1n;
  return effects;
}

function assertAlive({ firstValid, lastValid, genesisID, genesisHash }: Transaction, at: Surroundings): void {
  if (at.round < firstValid || at.round > lastValid) {
    throw new Refusal(`txn dead: round ${at.round} outside of ${firstValid}--${lastValid}`);
  }
  if (genesisID !== undefined && genesisID !== at.genesisId) {
    throw new Refusal(`tx.GenesisID <${genesisID}> does not match expected <${at.genesisId}>`);
  }
  if (genesisHash === undefined) throw new Refusal("required tx.GenesisHash is missing");
  if (Buffer.compare(genesisHash, at.genesisHash) !== 0) {
    const hashes = [genesisHash, at.genesisHash].map((hash) => Buffer.from(hash).toString("base64"));
    throw new Refusal(`tx.GenesisHash <${hashes[0]}> does not match expected <${hashes[1]}>`);
  }
}

function assertNotRepeated(draft: Draft, { id, sender, transaction }: WireTransaction, round: bigint): void {
  if (draft.transactions.get(id) !== undefined) throw new Refusal(`transaction already in ledger: ${id}`);
  if (transaction.lease === undefined) return;
  const takenUntil = draft.leases.get(leaseKey(sender, transaction.lease));
  if (takenUntil === undefined || round > takenUntil) return;
  const lease = Buffer.from(transaction.lease).toString("hex");
  throw new Refusal(`transaction ${id} using an overlapping lease (sender, lease):(${sender}, ${lease})`);
}

function assertAuthorized(draft: Draft, { id, sender, authorizer }: WireTransaction): void {
  const expected = readAccount(draft, sender).authAddress ?? sender;
  if (authorizer === expected) return;
  throw new Refusal(
    `transaction ${id}: should have been authorized by ${expected} but was actually authorized by ${authorizer}`,
  );
}

function apply(draft: Draft, transaction: Transaction, feeSink: string): Effects {
  takeFee(draft, transaction, feeSink);
  applyRekey(draft, transaction);
  const nothing: Effects = { closingAmount: 0n, assetClosingAmount: 0n, assetId: null };
  switch (transaction.type) {
    case TransactionType.pay:
      return { ...nothing, closingAmount: applyPayment(draft, transaction) };
    case TransactionType.axfer:
      return { ...nothing, assetClosingAmount: applyAssetTransfer(draft, transaction) };
    case TransactionType.acfg:
      return { ...nothing, assetId: applyAssetConfig(draft, transaction) };
    case TransactionType.afrz:
      applyAssetFreeze(draft, transaction);
      return nothing;
    case TransactionType.keyreg:
    case TransactionType.appl:
    case TransactionType.stpf:
    case TransactionType.hb:
    default:
      throw new Error(`a transaction of type ${transaction.type} came past the check of its group`);
  }
}

/** After each transaction, so money for an opt-in has to come before it. What an address gives up wholly is no debt. */
function assertMinBalances(draft: Draft, feeSink: string): void {
  for (const address of draft.accounts.written().keys()) {
    const account = readAccount(draft, address);
    if (address === feeSink || isEmpty(account)) continue;
    const minBalance = minBalanceOf(account);
    if (account.microAlgos >= minBalance) continue;
    throw new Refusal(
      `account ${address} balance ${account.microAlgos} below min ${minBalance} (${account.holdings.size} assets)`,
    );
  }
}

function assertSameGroup(group: readonly WireTransaction[], index: number): void {
  const first = group[0]?.transaction.group;
  const own = group[index]?.transaction.group;
  if (Buffer.compare(first ?? new Uint8Array(), own ?? new Uint8Array()) !== 0) {
    throw new Refusal(`transactionGroup: inconsistent group values: ${describe(own)} != ${describe(first)}`);
  }
  if (own !== undefined || group.length === 1) return;
  throw new Refusal(`transactionGroup: [${index}] had zero Group but was submitted in a group of ${group.length}`);
}

function assertWholeGroup(group: readonly WireTransaction[]): void {
  const claimed = group[0]?.transaction.group;
  if (claimed === undefined) return;
  const computed = computeGroupID(group.map(({ transaction }) => withoutGroup(transaction)));
  if (Buffer.compare(claimed, computed) === 0) return;
  throw new Refusal(`transactionGroup: incomplete group: ${describe(claimed)} != ${describe(computed)}`);
}

function withoutGroup(transaction: Transaction): Transaction {
  const copy = Transaction.fromEncodingData(transaction.toEncodingData());
  delete copy.group;
  return copy;
}

function describe(group: Uint8Array | undefined): string {
  return group === undefined ? ZERO_ADDRESS : Buffer.from(group).toString("base64");
}

import { base58 } from "@scure/base";
import type { Address } from "@solana/kit";
import { isWritable, resolveAccountKeys } from "./account-keys.ts";
import type { AccountKeys } from "./account-keys.ts";
import type { Blocks } from "./blocks.ts";
import { feeOf } from "./fees.ts";
import type { History, LandedTransaction } from "./history.ts";
import type { Json } from "./json.ts";
import { advanceNonce, findLifetime } from "./lifetime.ts";
import type { AccountState, Outcome, Svm } from "./svm.ts";
import { listTokenBalances } from "./token-accounts.ts";
import { isCharged } from "./transaction-errors.ts";
import type { TransactionErrorJson } from "./transaction-errors.ts";
import { hasEverySignature } from "./wire-transaction.ts";
import type { WireTransaction } from "./wire-transaction.ts";

export type Landing =
  | {
      readonly kind: "landed";
      readonly transaction: LandedTransaction;
      readonly written: readonly Address[];
      readonly closed: readonly Address[];
      /** What it could change, as it was before. */
      readonly before: readonly (readonly [Address, AccountState | null])[];
    }
  /** A leader would drop it: no fee, no record. */
  | { readonly kind: "refused"; readonly error: TransactionErrorJson };

interface Ledger {
  readonly svm: Svm;
  readonly blocks: Blocks;
  readonly history: History;
}

/** Executes a transaction as a leader does: one that fails after its fee was charged is in the block all the same. */
export function landTransaction({ svm, blocks, history }: Ledger, wire: WireTransaction): Landing {
  if (!hasEverySignature(wire)) return { kind: "refused", error: "SignatureFailure" };
  const { slot, timeMs } = blocks.newest();
  const lifetime = findLifetime(svm, blocks, wire, slot);
  if (lifetime === null) return { kind: "refused", error: "BlockhashNotFound" };
  if (history.hasMessage(wire.messageHash)) return { kind: "refused", error: "AlreadyProcessed" };

  const keys = resolveAccountKeys(svm, wire);
  const before = keys.all.map((key) => svm.readAccount(key));
  const outcome = refineError(svm, wire, svm.execute(wire.bytes));
  if (outcome.error !== null) {
    if (!isCharged(outcome.error)) return { kind: "refused", error: outcome.error };
    chargeFee(svm, keys, before, feeOf(wire));
    if (lifetime.kind === "nonce") advanceFailedNonce(svm, lifetime.account, wire.lifetimeToken);
  }

  const after = keys.all.map((key, index) =>
    isWritable(wire, keys, index) ? svm.readAccount(key) : (before[index] ?? null),
  );
  const touched = keys.all.filter((_key, index) => isWritable(wire, keys, index));
  const transaction: LandedTransaction = {
    signature: wire.signature,
    slot,
    timeMs,
    error: outcome.error,
    messageHash: wire.messageHash,
    details: { wire: wire.bytes, keys: keys.all, meta: describeMeta(svm, wire, keys, outcome, before, after) },
  };
  const isOpen = (key: Address): boolean => (after[keys.all.indexOf(key)] ?? null) !== null;
  return {
    kind: "landed",
    transaction,
    written: touched.filter((key) => isOpen(key)),
    closed: touched.filter((key) => !isOpen(key)),
    before: touched.map((key) => [key, before[keys.all.indexOf(key)] ?? null]),
  };
}

/** LiteSVM looks at programs before it looks at the fee payer, and calls an absent program invalid. */
export function refineError<T extends Outcome>(svm: Svm, wire: WireTransaction, outcome: T): T {
  if (typeof outcome.error !== "string" || !isCharged(outcome.error)) return outcome;
  const [payer] = wire.staticKeys;
  const funds = payer === undefined ? null : svm.readAccount(payer);
  if (funds === null) return { ...outcome, error: "AccountNotFound" };
  if (funds.lamports < feeOf(wire)) return { ...outcome, error: "InsufficientFundsForFee" };
  const isAbsent = wire.instructions.some(({ programIdIndex }) => {
    const program = wire.staticKeys[programIdIndex];
    return program !== undefined && svm.readAccount(program) === null;
  });
  return isAbsent && outcome.error === "InvalidProgramForExecution"
    ? { ...outcome, error: "ProgramAccountNotFound" }
    : outcome;
}

/** LiteSVM charges transactions that ran and failed, but not those whose programs or accounts could not be loaded. */
function chargeFee(svm: Svm, keys: AccountKeys, before: readonly (AccountState | null)[], fee: bigint): void {
  const [payer] = keys.all;
  const [past] = before;
  if (payer === undefined || past === undefined || past === null) return;
  const now = svm.readAccount(payer);
  if (now?.lamports === past.lamports) svm.writeAccount(payer, { ...now, lamports: past.lamports - fee });
}

function advanceFailedNonce(svm: Svm, address: Address, lifetimeToken: string): void {
  const account = svm.readAccount(address);
  if (account !== null) svm.writeAccount(address, advanceNonce(account, lifetimeToken));
}

function describeMeta(
  svm: Svm,
  wire: WireTransaction,
  keys: AccountKeys,
  outcome: Outcome,
  before: readonly (AccountState | null)[],
  after: readonly (AccountState | null)[],
): { readonly [name: string]: Json } {
  return {
    err: outcome.error,
    status: outcome.error === null ? { Ok: null } : { Err: outcome.error },
    fee: feeOf(wire),
    preBalances: before.map((account) => account?.lamports ?? 0n),
    postBalances: after.map((account) => account?.lamports ?? 0n),
    innerInstructions: outcome.innerInstructions.flatMap((list, index) =>
      list.length === 0
        ? []
        : [{ index, instructions: list.map((inner) => ({ ...inner, data: base58.encode(inner.data) })) }],
    ),
    logMessages: outcome.logs,
    preTokenBalances: listTokenBalances(svm, keys.all, before),
    postTokenBalances: listTokenBalances(svm, keys.all, after),
    rewards: [],
    loadedAddresses: { writable: keys.loaded.writable, readonly: keys.loaded.readonly },
    computeUnitsConsumed: outcome.unitsConsumed,
    ...(outcome.returnData === null ? {} : { returnData: describeReturnData(outcome.returnData) }),
  };
}

export function describeReturnData(returned: NonNullable<Outcome["returnData"]>): Json {
  return { programId: returned.programId, data: [Buffer.from(returned.data).toString("base64"), "base64"] };
}

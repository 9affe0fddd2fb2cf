import { base58 } from "@scure/base";
import { getAddressDecoder } from "@solana/kit";
import type { Address } from "@solana/kit";
import { resolveAccountKeys } from "./account-keys.ts";
import type { AccountKeys } from "./account-keys.ts";
import { feeOf } from "./fees.ts";
import type { Chain } from "./chain.ts";
import type { Json } from "./json.ts";
import { describeReturnData, refineError } from "./land-transaction.ts";
import { findLifetime } from "./lifetime.ts";
import { listTokenBalances } from "./token-accounts.ts";
import type { AccountState, Outcome, Simulation, Svm } from "./svm.ts";
import { isCharged } from "./transaction-errors.ts";
import type { TransactionErrorJson } from "./transaction-errors.ts";
import type { WireTransaction } from "./wire-transaction.ts";

export interface SimulationReport {
  readonly outcome: Outcome;
  readonly keys: AccountKeys;
  /** Every key's account as the transaction would leave it. */
  readonly after: ReadonlyMap<Address, AccountState | null>;
  readonly fields: { readonly [name: string]: Json };
}

interface SimulateOptions {
  readonly verifySignatures: boolean;
  readonly checkLifetime: boolean;
  readonly withInnerInstructions: boolean;
  /** Newest slot that the bank asked for knows. */
  readonly slot: bigint;
}

/** SIMD-0186: each loaded account counts its data plus this, each lookup table a flat size. */
const ACCOUNT_OVERHEAD_BYTES = 64;
const LOOKUP_TABLE_BYTES = 8248;
const UPGRADEABLE_LOADER = "BPFLoaderUpgradeab1e11111111111111111111111";
const PROGRAM_POINTER_BYTES = 36;

const addressDecoder = getAddressDecoder();

/** Runs a transaction on the newest state without changing it. */
export function simulate(chain: Chain, wire: WireTransaction, options: SimulateOptions): SimulationReport {
  const { svm } = chain;
  const refusal = refuse(chain, wire, options);
  const outcome: Simulation =
    refusal === null ? refineError(svm, wire, svm.simulate(wire.bytes, options.verifySignatures)) : notRun(refusal);
  const keys = resolveAccountKeys(svm, wire);
  const before = keys.all.map((key) => svm.readAccount(key));
  const charged = outcome.error !== null && isCharged(outcome.error);
  const fee = feeOf(wire);
  const after = keys.all.map((key, index) => {
    const past = before[index] ?? null;
    if (charged && index === 0 && past !== null) return { ...past, lamports: past.lamports - fee };
    return outcome.changed.get(key) ?? (outcome.changed.has(key) ? null : past);
  });
  return {
    outcome,
    keys,
    after: new Map(keys.all.map((key, index) => [key, after[index] ?? null])),
    fields: {
      err: outcome.error,
      logs: outcome.logs,
      unitsConsumed: outcome.unitsConsumed,
      returnData: outcome.returnData === null ? null : describeReturnData(outcome.returnData),
      innerInstructions: options.withInnerInstructions ? describeInner(outcome, keys) : null,
      fee: outcome.error === null || charged ? fee : null,
      loadedAccountsDataSize: outcome.error === null || charged ? loadedBytes(svm, wire, before) : 0,
      loadedAddresses: { writable: keys.loaded.writable, readonly: keys.loaded.readonly },
      preBalances: before.map((account) => account?.lamports ?? 0n),
      postBalances: after.map((account) => account?.lamports ?? 0n),
      preTokenBalances: listTokenBalances(svm, keys.all, before),
      postTokenBalances: listTokenBalances(svm, keys.all, after),
    },
  };
}

function refuse(chain: Chain, wire: WireTransaction, options: SimulateOptions): TransactionErrorJson | null {
  if (!options.checkLifetime) return null;
  if (findLifetime(chain.svm, chain.blocks, wire, options.slot) === null) return "BlockhashNotFound";
  return chain.history.hasMessage(wire.messageHash) ? "AlreadyProcessed" : null;
}

function notRun(error: TransactionErrorJson): Simulation {
  return { error, logs: [], unitsConsumed: 0n, returnData: null, innerInstructions: [], changed: new Map() };
}

/** The partially decoded form, which Agave gives for programs it has no parser for. */
function describeInner(outcome: Outcome, keys: AccountKeys): Json {
  return outcome.innerInstructions.flatMap((list, index) => {
    if (list.length === 0) return [];
    const instructions = list.map(({ programIdIndex, accounts, data, stackHeight }) => ({
      programId: keys.all[programIdIndex] ?? "",
      accounts: accounts.map((account) => keys.all[account] ?? ""),
      data: base58.encode(data),
      stackHeight,
    }));
    return [{ index, instructions }];
  });
}

function loadedBytes(svm: Svm, wire: WireTransaction, accounts: readonly (AccountState | null)[]): number {
  const tables = wire.lookups.length * LOOKUP_TABLE_BYTES;
  return accounts.reduce((sum, account) => {
    if (account === null) return sum;
    return sum + account.data.length + ACCOUNT_OVERHEAD_BYTES + programDataBytes(svm, account);
  }, tables);
}

/** An upgradeable program is a pointer; the code it points to is loaded too. */
function programDataBytes(svm: Svm, { owner, data }: AccountState): number {
  if (owner !== UPGRADEABLE_LOADER || data.length !== PROGRAM_POINTER_BYTES) return 0;
  const code = svm.readAccount(addressDecoder.decode(data, 4));
  return code === null ? 0 : code.data.length + ACCOUNT_OVERHEAD_BYTES;
}

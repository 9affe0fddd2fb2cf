import { getAddressDecoder } from "@solana/kit";
import type { Address } from "@solana/kit";
import type { Svm } from "./svm.ts";
import type { DecodedMessage } from "./wire-transaction.ts";

export const LOOKUP_TABLE_PROGRAM = "AddressLookupTab1e1111111111111111111111111";
const TABLE_META_BYTES = 56;
const KEY_BYTES = 32;

export interface AccountKeys {
  /** Static keys, then all writable, then all read-only keys from lookup tables. */
  readonly all: readonly Address[];
  readonly loaded: { readonly writable: readonly Address[]; readonly readonly: readonly Address[] };
}

const addressDecoder = getAddressDecoder();

/** Indexes that a table does not hold are left out: executing such a transaction fails with its own error. */
export function resolveAccountKeys(svm: Svm, message: DecodedMessage): AccountKeys {
  const writable: Address[] = [];
  const readonly: Address[] = [];
  for (const { table, writableIndexes, readonlyIndexes } of message.lookups) {
    const account = svm.readAccount(table);
    if (account === null || account.owner !== LOOKUP_TABLE_PROGRAM) continue;
    for (const index of writableIndexes) writable.push(...keyAt(account.data, index));
    for (const index of readonlyIndexes) readonly.push(...keyAt(account.data, index));
  }
  return { all: [...message.staticKeys, ...writable, ...readonly], loaded: { writable, readonly } };
}

/** By the header's order; keys of a table follow the static ones. */
export function isWritable(message: DecodedMessage, keys: AccountKeys, index: number): boolean {
  const { numSignerAccounts, numReadonlySignerAccounts, numReadonlyNonSignerAccounts } = message.header;
  const staticCount = message.staticKeys.length;
  if (index >= staticCount) return index < staticCount + keys.loaded.writable.length;
  if (index < numSignerAccounts) return index < numSignerAccounts - numReadonlySignerAccounts;
  return index < staticCount - numReadonlyNonSignerAccounts;
}

function keyAt(table: Uint8Array, index: number): Address[] {
  const start = TABLE_META_BYTES + index * KEY_BYTES;
  return start + KEY_BYTES > table.length ? [] : [addressDecoder.decode(table, start)];
}

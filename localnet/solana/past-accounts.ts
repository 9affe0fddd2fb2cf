import type { Address } from "@solana/kit";
import type { AccountState } from "./svm.ts";

interface Change {
  readonly slot: bigint;
  readonly address: Address;
  readonly before: AccountState | null;
}

/** What accounts were before their latest changes: the SVM itself knows only what they are now. */
export interface PastAccounts {
  /** To be told before or after each change, with what the account was before it. */
  note(change: Change): void;
  /** The account as it was at the end of that slot; undefined when it has not changed since. */
  at(address: Address, slot: bigint): AccountState | null | undefined;
  /** As if the account had always been what it is now. */
  forget(address: Address): void;
  /** Nobody asks for the time before that slot any more. */
  forgetBefore(slot: bigint): void;
}

export function createPastAccounts(): PastAccounts {
  // In the order of their slots, and no longer than what lands until it is final.
  let changes: Change[] = [];
  return {
    note: (change) => void changes.push(change),
    at: (address, slot) => changes.find((change) => change.slot > slot && change.address === address)?.before,
    forget(address) {
      changes = changes.filter((change) => change.address !== address);
    },
    forgetBefore(slot) {
      const kept = changes.findIndex((change) => change.slot > slot);
      if (kept !== 0) changes = kept === -1 ? [] : changes.slice(kept);
    },
  };
}

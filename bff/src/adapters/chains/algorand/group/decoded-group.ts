import type { MsgpackMap } from "../msgpack.ts";

interface TransactionHeader {
  readonly sender: string;
  /** Microalgos. */
  readonly fee: bigint;
  readonly firstValid: bigint;
  readonly lastValid: bigint;
  readonly genesisId: string;
  /** Base64 of 32 bytes. */
  readonly genesisHash: string;
  readonly note: Uint8Array;
  readonly hasLease: boolean;
  readonly rekeyTo: string | undefined;
}

export interface Payment extends TransactionHeader {
  readonly type: "pay";
  readonly receiver: string;
  /** Microalgos. */
  readonly amount: bigint;
  readonly closeRemainderTo: string | undefined;
}

export interface AssetTransfer extends TransactionHeader {
  readonly type: "axfer";
  readonly asset: bigint;
  readonly amount: bigint;
  readonly receiver: string;
  /** Whose units a clawback takes. */
  readonly clawedFrom: string | undefined;
  readonly closeTo: string | undefined;
}

/** In the order of their numbers on the wire. */
export const ON_COMPLETE = [
  "no-op",
  "opt-in",
  "close-out",
  "clear-state",
  "update-application",
  "delete-application",
] as const;

export interface ApplicationCall extends TransactionHeader {
  readonly type: "appl";
  /** 0 makes a new one. */
  readonly application: bigint;
  readonly onComplete: (typeof ON_COMPLETE)[number];
  readonly arguments: readonly Uint8Array[];
  readonly accounts: readonly string[];
  /** It names all that it may use in one list, which its arguments count places of. */
  readonly hasAccessList: boolean;
  readonly applications: readonly bigint[];
  readonly assets: readonly bigint[];
  readonly hasPrograms: boolean;
  /** Schemas or extra pages, which only a creation has. */
  readonly hasStorage: boolean;
}

/** A kind that is never sponsored, so nothing is asked of its fields. */
interface OtherTransaction extends TransactionHeader {
  readonly type: "other";
  /** As the wire calls the kind. */
  readonly name: string;
}

export type Transaction = Payment | AssetTransfer | ApplicationCall | OtherTransaction;

/** One transaction of a group, and what has been signed of it. */
export interface GroupEntry {
  /** As it came: signed or not. */
  readonly wire: Uint8Array;
  /** What is signed: the transaction alone. */
  readonly bytes: Uint8Array;
  readonly id: string;
  readonly kind: "unsigned" | "sig" | "msig" | "lsig" | "pqsig";
  /** 64 bytes, of kind `sig` alone. */
  readonly signature: Uint8Array | undefined;
  /** Whose key has signed, where it is not the sender's. */
  readonly authAddress: string | undefined;
  readonly fields: MsgpackMap;
  readonly transaction: Transaction;
}

/** A group whose bytes are canonical and whose id is right. */
export interface DecodedGroup {
  readonly groupId: Uint8Array;
  readonly entries: readonly GroupEntry[];
}

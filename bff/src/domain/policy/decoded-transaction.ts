/** A Solana transaction whose bytes re-encode to what was sent. Addresses are base58. */
export interface DecodedTransaction {
  readonly version: "legacy" | 0 | 1;
  /** One per required signer, 64 bytes each; all zero where nobody has signed. */
  readonly signatures: readonly Uint8Array[];
  /** The bytes that are signed, as they came. */
  readonly message: Uint8Array;
  readonly requiredSignatures: number;
  /** Those that the message itself names; lookup tables add theirs behind them. */
  readonly accounts: readonly string[];
  readonly blockhash: string;
  readonly instructions: readonly DecodedInstruction[];
  readonly lookupTables: readonly LookupTable[];
  /** Version 1 says in its header what others say by ComputeBudget instructions. Priority fee in lamports. */
  readonly config?: {
    readonly priorityFee: bigint;
    readonly computeUnits: bigint | undefined;
  };
}

export interface LookupTable {
  readonly address: string;
  readonly writable: number;
  readonly readonly: number;
}

export interface DecodedInstruction {
  /** Indexes count static accounts first, then those of lookup tables: all writable ones, then the others. */
  readonly programIndex: number;
  readonly accountIndexes: readonly number[];
  readonly data: Uint8Array;
}

/** How many accounts the lookup tables add. */
export function loadedCount({ lookupTables }: DecodedTransaction): number {
  return lookupTables.reduce((count, { writable, readonly }) => count + writable + readonly, 0);
}

/** The same transaction with the accounts of its tables behind its own, as their indexes count them. */
export function resolveTables(transaction: DecodedTransaction, loaded: readonly string[]): DecodedTransaction {
  return { ...transaction, accounts: [...transaction.accounts, ...loaded] };
}

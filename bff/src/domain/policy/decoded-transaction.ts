/** A Solana transaction whose bytes re-encode to what was sent. Addresses are base58. */
export interface DecodedTransaction {
  readonly version: "legacy" | 0;
  /** One per required signer, 64 bytes each; all zero where nobody has signed. */
  readonly signatures: readonly Uint8Array[];
  /** The bytes that are signed, as they came. */
  readonly message: Uint8Array;
  readonly requiredSignatures: number;
  readonly accounts: readonly string[];
  readonly blockhash: string;
  readonly instructions: readonly DecodedInstruction[];
  readonly lookupTables: readonly string[];
}

export interface DecodedInstruction {
  /** Indexes count static accounts first, then those of lookup tables. */
  readonly programIndex: number;
  readonly accountIndexes: readonly number[];
  readonly data: Uint8Array;
}

import type { Instruction } from "./gasless-wallet.ts";

export const MEMO_PROGRAM = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr";
export const TOKEN_PROGRAM = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";

/** Source: `@solana/instructions`, AccountRole. */
const ROLE = { readonly: 0, writable: 1, readonlySigner: 2 } as const;
/** Source: SPL Token, TokenInstruction::TransferChecked. */
export const TRANSFER_CHECKED = 12;

/** A text in the chain's log, in its author's name. */
export function writeMemo(author: string, text: string): Instruction {
  return {
    programAddress: MEMO_PROGRAM,
    accounts: [{ address: author, role: ROLE.readonlySigner }],
    data: new TextEncoder().encode(text),
  };
}

export interface TokenTransfer {
  readonly owner: string;
  readonly source: string;
  readonly destination: string;
  readonly mint: string;
  readonly decimals: number;
  readonly amount: bigint;
}

export function transferTokens({ owner, source, destination, mint, decimals, amount }: TokenTransfer): Instruction {
  const data = new Uint8Array(10);
  const view = new DataView(data.buffer);
  view.setUint8(0, TRANSFER_CHECKED);
  view.setBigUint64(1, amount, true);
  view.setUint8(9, decimals);
  return {
    programAddress: TOKEN_PROGRAM,
    accounts: [
      { address: source, role: ROLE.writable },
      { address: mint, role: ROLE.readonly },
      { address: destination, role: ROLE.writable },
      { address: owner, role: ROLE.readonlySigner },
    ],
    data,
  };
}

import { type PlainInstruction, littleEndian } from "./assemble.ts";

export const SYSTEM = "11111111111111111111111111111111";
export const TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
export const TOKEN_2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb";
export const ASSOCIATED_TOKEN = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL";
export const COMPUTE_BUDGET = "ComputeBudget111111111111111111111111111111";
export const MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr";
export const RECENT_BLOCKHASHES = "SysvarRecentB1ockHashes11111111111111111111";
export const RENT = "SysvarRent111111111111111111111111111111111";

export function memo(signers: readonly string[], text: string, program: string = MEMO): PlainInstruction {
  return { program, accounts: signers.map((signer) => [signer, "s"]), data: new TextEncoder().encode(text) };
}

export function transferSol(from: string, to: string, lamports: bigint | number): PlainInstruction {
  return {
    program: SYSTEM,
    accounts: [
      [from, "ws"],
      [to, "w"],
    ],
    data: [...littleEndian(2, 4), ...littleEndian(lamports, 8)],
  };
}

export function transferTokens(
  from: string,
  to: string,
  owner: string,
  amount: number,
  program: string = TOKEN,
): PlainInstruction {
  return {
    program,
    accounts: [
      [from, "w"],
      [to, "w"],
      [owner, "s"],
    ],
    data: [3, ...littleEndian(amount, 8)],
  };
}

export function transferTokensChecked(
  { from, mint, to, owner }: Readonly<Record<"from" | "mint" | "to" | "owner", string>>,
  amount: number,
  decimals: number,
): PlainInstruction {
  return {
    program: TOKEN,
    accounts: [
      [from, "w"],
      [mint, "r"],
      [to, "w"],
      [owner, "s"],
    ],
    data: [12, ...littleEndian(amount, 8), decimals],
  };
}

export const computeLimit = (units: number): PlainInstruction => ({
  program: COMPUTE_BUDGET,
  data: [2, ...littleEndian(units, 4)],
});

export const computePrice = (microLamports: bigint | number): PlainInstruction => ({
  program: COMPUTE_BUDGET,
  data: [3, ...littleEndian(microLamports, 8)],
});

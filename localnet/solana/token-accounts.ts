import { getAddressDecoder } from "@solana/kit";
import type { Address } from "@solana/kit";
import type { Json } from "./json.ts";
import type { AccountState, Svm } from "./svm.ts";

export const TOKEN_PROGRAM = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
export const TOKEN_2022_PROGRAM = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb";

const MINT_BYTES = 82;
const ACCOUNT_BYTES = 165;
/** Token-2022 with extensions: the byte after the base account says what it is. */
const TYPE_OFFSET = 165;
const TYPE_MINT = 1;
const TYPE_ACCOUNT = 2;
const STATES = ["uninitialized", "initialized", "frozen"] as const;

export interface TokenAccount {
  readonly mint: Address;
  readonly owner: Address;
  readonly amount: bigint;
  readonly delegate: Address | null;
  readonly state: (typeof STATES)[number];
  readonly rentExemptReserve: bigint | null;
  readonly delegatedAmount: bigint;
  readonly closeAuthority: Address | null;
}

export interface Mint {
  readonly mintAuthority: Address | null;
  readonly supply: bigint;
  readonly decimals: number;
  readonly isInitialized: boolean;
  readonly freezeAuthority: Address | null;
}

const addressDecoder = getAddressDecoder();

export function isTokenProgram(program: Address): boolean {
  return program === TOKEN_PROGRAM || program === TOKEN_2022_PROGRAM;
}

export function readTokenAccount({ owner: program, data }: AccountState): TokenAccount | null {
  const isExtended = program === TOKEN_2022_PROGRAM && data.length > TYPE_OFFSET && data[TYPE_OFFSET] === TYPE_ACCOUNT;
  if (!isTokenProgram(program) || (data.length !== ACCOUNT_BYTES && !isExtended)) return null;
  const view = viewOf(data);
  const state = STATES[data[108] ?? 0];
  if (state === undefined || state === "uninitialized") return null;
  return {
    mint: addressDecoder.decode(data, 0),
    owner: addressDecoder.decode(data, 32),
    amount: view.getBigUint64(64, true),
    delegate: readOptionalKey(data, 72),
    state,
    rentExemptReserve: view.getUint32(109, true) === 0 ? null : view.getBigUint64(113, true),
    delegatedAmount: view.getBigUint64(121, true),
    closeAuthority: readOptionalKey(data, 129),
  };
}

export function readMint({ owner: program, data }: AccountState): Mint | null {
  const isExtended = program === TOKEN_2022_PROGRAM && data.length > TYPE_OFFSET && data[TYPE_OFFSET] === TYPE_MINT;
  if (!isTokenProgram(program) || (data.length !== MINT_BYTES && !isExtended)) return null;
  return {
    mintAuthority: readOptionalKey(data, 0),
    supply: viewOf(data).getBigUint64(36, true),
    decimals: data[44] ?? 0,
    isInitialized: data[45] === 1,
    freezeAuthority: readOptionalKey(data, 46),
  };
}

export function describeAmount(amount: bigint, decimals: number): { readonly [name: string]: Json } {
  const digits = amount.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  const text = fraction === "" ? whole : `${whole}.${fraction}`;
  return { amount: amount.toString(), decimals, uiAmount: Number(text), uiAmountString: text };
}

/** Agave's pre/postTokenBalances: one entry per token account among the keys. */
export function listTokenBalances(
  svm: Svm,
  keys: readonly Address[],
  accounts: readonly (AccountState | null)[],
): Json[] {
  const balances: Json[] = [];
  for (const [accountIndex, account] of accounts.entries()) {
    if (account === null || !isTokenProgram(account.owner)) continue;
    const token = readTokenAccount(account);
    if (token === null) continue;
    // The mint may be among the transaction's own accounts, created by this very transaction.
    const listed = accounts[keys.indexOf(token.mint)];
    const mintAccount = listed ?? svm.readAccount(token.mint);
    const mint = mintAccount === null ? null : readMint(mintAccount);
    if (mint === null) continue;
    balances.push({
      accountIndex,
      mint: token.mint,
      owner: token.owner,
      programId: account.owner,
      uiTokenAmount: describeAmount(token.amount, mint.decimals),
    });
  }
  return balances;
}

function readOptionalKey(data: Uint8Array, offset: number): Address | null {
  return viewOf(data).getUint32(offset, true) === 0 ? null : addressDecoder.decode(data, offset + 4);
}

function viewOf(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}

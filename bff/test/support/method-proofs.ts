import { createHash } from "node:crypto";
import {
  type ApiTarget,
  type ChallengeAnswer,
  MEMO_PROGRAM,
  requestChallenge,
  toBase64,
} from "@gasless/localnet/api-client";
import type { ProofKey } from "@gasless/localnet/proof-key";
import type { LocalWallet } from "@gasless/localnet/wallet";
import { base58 } from "@scure/base";
import { fieldsOf, type Proof, proveChallenge, textOf } from "./proofs.ts";

export const OFFCHAIN_START = Buffer.concat([Buffer.from([0xff]), Buffer.from("solana offchain")]);

/** How an off-chain message is laid out; every part may be another one's. */
export interface Layout {
  readonly name: "v0" | "compact" | "v1" | "v1-with-length";
  readonly signers: readonly string[];
  readonly format?: number;
  /** 32 bytes. */
  readonly applicationDomain?: Uint8Array;
}

const keysOf = (signers: readonly string[]): Buffer =>
  Buffer.concat([Buffer.from([signers.length]), ...signers.map((signer) => base58.decode(signer))]);

function withLength(text: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  return Buffer.concat([length, text]);
}

/** The bytes that a wallet of that layout signs. */
export function layOut(text: Uint8Array, { name, signers, format = 1, applicationDomain }: Layout): Buffer {
  const domain = applicationDomain ?? new Uint8Array(32);
  const parts: Readonly<Record<Layout["name"], readonly Uint8Array[]>> = {
    v0: [Buffer.from([0]), domain, Buffer.from([format]), keysOf(signers), withLength(text)],
    compact: [Buffer.from([0, format]), withLength(text)],
    v1: [Buffer.from([1]), keysOf(signers), text],
    "v1-with-length": [Buffer.from([1]), keysOf(signers), withLength(text)],
  };
  return Buffer.concat([OFFCHAIN_START, ...parts[name]]);
}

const textBytes = (challenge: ChallengeAnswer, { address }: LocalWallet): Uint8Array =>
  new TextEncoder().encode(textOf(fieldsOf(challenge), address));

/** A proof by an off-chain message of our text, in that layout. */
async function proveOffchain(
  target: ApiTarget,
  challenge: ChallengeAnswer,
  wallet: LocalWallet,
  layout: Layout["name"] = "v1",
): Promise<Proof & { readonly signedMessage: string }> {
  const message = layOut(textBytes(challenge, wallet), { name: layout, signers: [wallet.address] });
  return {
    challengeId: challenge.challengeId,
    network: target.network,
    address: wallet.address,
    method: "offchain",
    signature: toBase64(await wallet.sign(message)),
    signedMessage: toBase64(message),
  };
}

/** The hash that stands where a block's would, written once more by the design. */
export const impossibleBlockhash = (challengeId: string): string =>
  base58.encode(createHash("sha256").update(`gasless memo-transaction v1${challengeId}`).digest());

/** One instruction that is no memo of ours. */
interface Extra {
  readonly program: string;
  readonly data: Uint8Array;
}

/** What a memo transaction says; every part may be another one's. */
export interface MemoParts {
  readonly feePayer: string;
  readonly blockhash: string;
  readonly memo: Uint8Array;
  readonly memoProgram?: string;
  readonly extras?: readonly Extra[];
  /** An account that the transaction may write to, besides the fee payer. */
  readonly writable?: string;
  readonly version?: "legacy" | 0;
}

const compactU16 = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7]);

/** The message of a transaction with one signer and one memo. */
export function memoMessage(parts: MemoParts): Buffer {
  const { feePayer, blockhash, memo, memoProgram = MEMO_PROGRAM, extras = [], writable, version = 0 } = parts;
  const programs = [...new Set([memoProgram, ...extras.map(({ program }) => program)])];
  const accounts = [feePayer, ...(writable === undefined ? [] : [writable]), ...programs];
  const instruction = (program: string, data: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from([accounts.indexOf(program), 0, ...compactU16(data.length)]), data]);
  return Buffer.concat([
    Buffer.from([...(version === 0 ? [0x80] : []), 1, 0, programs.length, accounts.length]),
    ...accounts.map((account) => base58.decode(account)),
    base58.decode(blockhash),
    Buffer.from([1 + extras.length]),
    ...extras.map(({ program, data }) => instruction(program, data)),
    instruction(memoProgram, memo),
    ...(version === 0 ? [Buffer.from([0])] : []),
  ]);
}

/** A proof by a transaction that is never sent; `changes` make it another one, honestly signed. */
export async function proveMemo(
  target: ApiTarget,
  challenge: ChallengeAnswer,
  wallet: LocalWallet,
  changes: Partial<MemoParts> = {},
): Promise<Proof & { readonly transaction: string }> {
  const { challengeId } = challenge;
  const message = memoMessage({
    feePayer: wallet.address,
    blockhash: impossibleBlockhash(challengeId),
    memo: textBytes(challenge, wallet),
    ...changes,
  });
  const signature = await wallet.sign(message);
  return {
    challengeId,
    network: target.network,
    address: wallet.address,
    method: "memo-transaction",
    signature: toBase64(signature),
    transaction: toBase64(Buffer.concat([Buffer.from([1]), signature, message])),
  };
}

/** A proof of a new challenge by any method of Solana. */
export async function proveBy(
  method: string,
  target: ApiTarget,
  wallet: LocalWallet,
  key?: ProofKey,
  binding: Readonly<Record<string, unknown>> = {},
): Promise<Proof> {
  const challenge = await requestChallenge(target, binding, key);
  if (method === "offchain") return proveOffchain(target, challenge, wallet);
  if (method === "memo-transaction") return proveMemo(target, challenge, wallet);
  return proveChallenge(target, challenge, wallet, method);
}

/** Every way to sign in with a Solana wallet. */
export const SOLANA_METHODS = ["siws", "message", "offchain", "memo-transaction", "local"] as const;

import type { WalletAccount } from "@wallet-standard/base";
import { askApproval } from "./approval.ts";
import { CHAINS } from "./account.ts";
import { describeTransaction } from "./describe-transaction.ts";
import type { WalletKey } from "./key-store.ts";
import { type SignInInput, writeSignInText } from "./sign-in-text.ts";
import { readTransaction } from "./wire-transaction.ts";

export interface SignedMessage {
  readonly signedMessage: Uint8Array;
  readonly signature: Uint8Array;
}

/** @throws Error when the text is for another site than this one, or for another address */
export async function signIn(key: WalletKey, input: SignInInput): Promise<SignedMessage> {
  const { host } = location;
  if ((input.domain ?? host) !== host)
    throw new Error(`This page is ${host}, but asks in the name of ${input.domain}.`);
  if ((input.address ?? key.address) !== key.address) throw new Error("This is the address of another wallet.");
  const text = writeSignInText(input, host, key.address);
  const lead = `${host} wants to know that this wallet is yours. Signing is free and sends nothing.`;
  await askApproval({ title: "Sign in", lead, lines: [text], isVerbatim: true });
  return signBytes(key, new TextEncoder().encode(text));
}

export async function signMessage(key: WalletKey, message: Uint8Array): Promise<SignedMessage> {
  const lead = `${location.host} wants you to sign this text. Signing is free and sends nothing.`;
  await askApproval({ title: "Sign a message", lead, lines: [new TextDecoder().decode(message)], isVerbatim: true });
  return signBytes(key, message);
}

export interface TransactionInput {
  readonly account: WalletAccount;
  readonly transaction: Uint8Array;
  readonly chain?: string;
}

/** Signs for this wallet alone: what others have signed stays as it is. */
export async function signTransaction(key: WalletKey, { transaction, chain }: TransactionInput): Promise<Uint8Array> {
  if (chain !== undefined && !CHAINS.some((own) => own === chain)) {
    throw new Error(`The Demo Wallet is for test networks, not for ${chain}.`);
  }
  const wire = readTransaction(transaction);
  // Before anybody is asked: a wallet that has nothing to sign should not pretend to.
  wire.withSignature(key.address, new Uint8Array(64));
  const lead = `${location.host} wants you to sign a transaction.`;
  await askApproval({ title: "Sign a transaction", lead, lines: describeTransaction(wire, key.address) });
  return wire.withSignature(key.address, await key.sign(wire.message));
}

async function signBytes(key: WalletKey, bytes: Uint8Array): Promise<SignedMessage> {
  return { signedMessage: new Uint8Array(bytes), signature: await key.sign(bytes) };
}

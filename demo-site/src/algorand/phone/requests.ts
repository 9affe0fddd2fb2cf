import { base64 } from "@scure/base";
import { computeGroupID, decodeUnsignedTransaction, encodeMsgpack, SignedTransaction, type Transaction } from "algosdk";
import type { ApprovalRequest } from "../../wallet/approval.ts";
import { describeGroup } from "./describe-group.ts";

/** What the phone knows when a page asks it to sign. */
export interface SigningContext {
  readonly address: string;
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array>;
  /** The demo asset, to call it by its name. */
  readonly stamps: bigint;
  /** Where the page lives: host and port. */
  readonly host: string;
}

/** Something to ask the person, and what the page is answered when they say yes. */
export interface SigningRequest extends Pick<ApprovalRequest, "title" | "lead" | "lines" | "isVerbatim"> {
  readonly answer: () => Promise<unknown>;
}

const NOT_READABLE = "Invalid data found";
const NOT_MINE = "Invalid signer";
const AUTH_SCOPE = 1;

/** @throws Error whose message is for the page, when the phone cannot sign that */
export async function readRequest(method: string, params: unknown, context: SigningContext): Promise<SigningRequest> {
  if (method === "algo_signTxn") return readTransactions(params, context);
  return Array.isArray(params) ? readText(params, context) : readSignIn(params, context);
}

function readTransactions(params: unknown, context: SigningContext): SigningRequest {
  const [entries] = readArray(params);
  const group = readArray(entries).map((entry) => {
    const { txn, signers, msig, authAddr } = readFields(entry);
    if (msig !== undefined || authAddr !== undefined) throw new Error(NOT_MINE);
    return { transaction: readTransaction(txn), isOwn: !(Array.isArray(signers) && signers.length === 0) };
  });
  const transactions = group.map(({ transaction }) => transaction);
  assertWhole(transactions);
  if (group.some(({ transaction, isOwn }) => isOwn && transaction.sender.toString() !== context.address)) {
    throw new Error(NOT_MINE);
  }
  return {
    title: group.length === 1 ? "Sign a transaction" : `Sign a group of ${group.length} transactions`,
    lead: `${context.host} wants you to sign this. Either all of it happens, or none.`,
    lines: describeGroup(transactions, context.address, context.stamps),
    answer: () =>
      Promise.all(
        group.map(async ({ transaction, isOwn }) => {
          if (!isOwn) return null;
          const sig = await context.sign(transaction.bytesToSign());
          return base64.encode(encodeMsgpack(new SignedTransaction({ txn: transaction, sig })));
        }),
      ),
  };
}

function readText(params: readonly unknown[], context: SigningContext): SigningRequest {
  const texts = params.map((entry) => {
    const { data, signer } = readFields(entry);
    if (signer !== context.address) throw new Error(NOT_MINE);
    return readBytes(data);
  });
  if (texts.length === 0) throw new Error(NOT_READABLE);
  return {
    title: "Sign a message",
    lead: `${context.host} wants you to sign this text. Signing is free and sends nothing.`,
    lines: texts.map((bytes) => new TextDecoder().decode(bytes)),
    isVerbatim: true,
    answer: () => Promise.all(texts.map(async (bytes) => base64.encode(await context.sign(join(encode("MX"), bytes))))),
  };
}

/** ARC-60: the signature is over both hashes. */
async function readSignIn(params: unknown, context: SigningContext): Promise<SigningRequest> {
  const { data, signer, domain, authenticatorData, metadata } = readFields(params);
  const { scope, encoding } = readFields(metadata);
  if (scope !== AUTH_SCOPE || encoding !== "base64") throw new Error(NOT_READABLE);
  if (signer !== context.address) throw new Error(NOT_MINE);
  if (domain !== context.host)
    throw new Error(`This page is ${context.host}, but asks in the name of ${String(domain)}.`);
  const [bytes, authenticator] = [readBytes(data), readBytes(authenticatorData)];
  const host = await sha256(encode(context.host));
  if (!host.every((byte, index) => authenticator[index] === byte)) throw new Error(NOT_READABLE);
  const claims = readFields(JSON.parse(new TextDecoder().decode(bytes)));
  if (claims["domain"] !== context.host || claims["account_address"] !== context.address) throw new Error(NOT_READABLE);
  const signed = join(await sha256(bytes), await sha256(authenticator));
  return {
    title: "Sign in",
    lead: `${context.host} wants to know that this wallet is yours. Signing is free and sends nothing.`,
    lines: Object.entries(claims).map(
      ([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") : String(value)}`,
    ),
    isVerbatim: true,
    answer: async () => [base64.encode(await context.sign(signed))],
  };
}

/** Only what is shown in full is signed: bytes that the reading lost would be signed unseen. */
function readTransaction(txn: unknown): Transaction {
  const bytes = readBytes(txn);
  const transaction = decodeUnsignedTransaction(bytes);
  if (base64.encode(encodeMsgpack(transaction)) !== txn) throw new Error(NOT_READABLE);
  return transaction;
}

/** A part of a group says nothing about what the rest of it does. */
function assertWhole(transactions: readonly Transaction[]): void {
  const [first] = transactions;
  if (first === undefined) throw new Error(NOT_READABLE);
  if (first.group === undefined && transactions.length === 1) return;
  const ungrouped = transactions.map((transaction) => {
    const copy = decodeUnsignedTransaction(encodeMsgpack(transaction));
    delete copy.group;
    return copy;
  });
  const groupId = base64.encode(computeGroupID(ungrouped));
  if (transactions.some(({ group }) => group === undefined || base64.encode(group) !== groupId)) {
    throw new Error("The group of transactions is incomplete");
  }
}

function readArray(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(NOT_READABLE);
  return value;
}

function readFields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(NOT_READABLE);
  return value as Readonly<Record<string, unknown>>;
}

function readBytes(value: unknown): Uint8Array {
  if (typeof value !== "string") throw new Error(NOT_READABLE);
  return base64.decode(value);
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
}

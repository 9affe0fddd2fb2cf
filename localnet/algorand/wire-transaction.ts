import { Address, decodeSignedTransaction, encodeMsgpack, SignedTransaction } from "algosdk";
import type { Transaction } from "algosdk";
import { base32nopad } from "@scure/base";
import { hashWithTag, isSignedBy } from "./ed25519.ts";
import { splitMsgpack } from "./msgpack.ts";

/** A transaction as it was sent, signed or not. */
export interface WireTransaction {
  readonly bytes: Uint8Array;
  readonly signed: SignedTransaction;
  readonly transaction: Transaction;
  readonly id: string;
  readonly sender: string;
  /** Whose key signs: the `sgnr` named beside the signature, or else the sender. */
  readonly authorizer: string;
}

export const ZERO_ADDRESS = Address.zeroAddress().toString();
export const MAX_GROUP_SIZE = 16;
const TRANSACTION_TAG = "TX";

/**
 * Reads one transaction, or a group laid end to end.
 * @throws Error in algod's words when there is none, too many, or one is not canonical msgpack.
 */
export function readWireTransactions(body: Uint8Array): WireTransaction[] {
  const parts = splitMsgpack(body);
  if (parts.length === 0) throw new Error("empty txgroup");
  if (parts.length > MAX_GROUP_SIZE) throw new Error(`max group size is ${MAX_GROUP_SIZE}`);
  return parts.map(readWireTransaction);
}

/** @throws Error when the bytes are not exactly one transaction in canonical msgpack. */
export function readWireTransaction(bytes: Uint8Array): WireTransaction {
  const signed = decode(bytes);
  // Unknown fields, zeroes written out, another order: whatever the decoder forgives shows here.
  if (Buffer.compare(encodeMsgpack(signed), bytes) !== 0) {
    throw new Error("msgpack decode error: the transaction is not in canonical encoding");
  }
  return toWireTransaction(signed, bytes);
}

/** The same transaction under another `sgnr`; null takes it away. */
export function withAuthorizer({ signed }: WireTransaction, authorizer: string | null): WireTransaction {
  const { txn, sig } = signed;
  const sgnr = authorizer === null ? {} : { sgnr: Address.fromString(authorizer) };
  const changed = new SignedTransaction({ txn, ...(sig === undefined ? {} : { sig }), ...sgnr });
  return toWireTransaction(changed, encodeMsgpack(changed));
}

export function isSignatureValid({ signed, transaction, authorizer }: WireTransaction): boolean {
  if (signed.sig === undefined) return false;
  return isSignedBy(Address.fromString(authorizer).publicKey, transaction.bytesToSign(), signed.sig);
}

export function hasSignature({ signed }: WireTransaction): boolean {
  const { sig, msig, lsig, pqsig } = signed;
  return sig !== undefined || msig !== undefined || lsig !== undefined || pqsig !== undefined;
}

function toWireTransaction(signed: SignedTransaction, bytes: Uint8Array): WireTransaction {
  const transaction = signed.txn;
  const sender = transaction.sender.toString();
  return {
    bytes,
    signed,
    transaction,
    id: base32nopad.encode(hashWithTag(TRANSACTION_TAG, transaction.toByte())),
    sender,
    authorizer: signed.sgnr?.toString() ?? sender,
  };
}

function decode(bytes: Uint8Array): SignedTransaction {
  try {
    return decodeSignedTransaction(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`msgpack decode error: ${reason}`, { cause: error });
  }
}

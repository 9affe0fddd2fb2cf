import type { DecodedTransaction } from "../../src/domain/policy/decoded-transaction.ts";

export const SPONSOR = "sponsor";
export const MEMO_PROGRAM = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr";
/** Two signatures. */
export const QUOTED_FEE = 10_000n;
/** Blocks for which a blockhash can be used. Source: Agave, MAX_PROCESSING_AGE. */
export const LIFE_BLOCKS = 150;

const MEMO = new TextEncoder().encode("hello");
const BLOCKHASH = "block ";
const SIGNATURE_BYTES = 64;
const MESSAGE_AT = 1 + 2 * SIGNATURE_BYTES;

/** What a model transaction says: which intent it is, whose, and the height of the block that its blockhash names. */
export interface Message {
  readonly number: number;
  readonly user: number;
  readonly bornHeight: number;
}

/** Wire bytes that the user has signed: a count, two slots, and three numbers for a message. */
export function writeWire({ number, user, bornHeight }: Message): Uint8Array<ArrayBuffer> {
  const wire = new Uint8Array(MESSAGE_AT + 12);
  wire[0] = 2;
  wire.fill(7, 1 + SIGNATURE_BYTES, MESSAGE_AT);
  const view = new DataView(wire.buffer, MESSAGE_AT);
  view.setUint32(0, number);
  view.setUint32(4, user);
  view.setUint32(8, bornHeight);
  return wire;
}

export function readMessage(message: Uint8Array): Message {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  return { number: view.getUint32(0), user: view.getUint32(4), bornHeight: view.getUint32(8) };
}

export function messageOf(wire: Uint8Array): Uint8Array {
  return wire.subarray(MESSAGE_AT);
}

export function decodeWire(wire: Uint8Array): DecodedTransaction {
  const message = messageOf(wire);
  const { user, bornHeight } = readMessage(message);
  return {
    version: 0,
    signatures: [wire.subarray(1, 1 + SIGNATURE_BYTES), wire.subarray(1 + SIGNATURE_BYTES, MESSAGE_AT)],
    message,
    requiredSignatures: 2,
    accounts: [SPONSOR, userAddress(user), MEMO_PROGRAM],
    blockhash: `${BLOCKHASH}${bornHeight}`,
    instructions: [{ programIndex: 2, accountIndexes: [1], data: MEMO }],
    lookupTables: [],
  };
}

/** The height of the block that a blockhash names. */
export function heightOf(blockhash: string): number {
  return Number(blockhash.slice(BLOCKHASH.length));
}

/** What a transaction gives that each user is given once: most give the same. */
export function giftsOf({ number }: Message): readonly string[] {
  return number % 3 !== 2 ? ["a gift"] : [];
}

export function userAddress(user: number): string {
  return `user ${user}`;
}

/** Deterministic like Ed25519: the same message has the same signature, and so the same id. */
export function signMessage(message: Uint8Array): Uint8Array {
  const signature = new Uint8Array(SIGNATURE_BYTES).fill(1);
  signature.set(message, 1);
  return signature;
}

/** The wire bytes of a message with the sponsor's signature in its slot. */
export function attachSignature(message: Uint8Array, signature: Uint8Array): Uint8Array<ArrayBuffer> {
  const wire = writeWire(readMessage(message));
  wire.set(signature, 1);
  return wire;
}

export function transactionIdOf(message: Uint8Array): string {
  const { number, bornHeight } = readMessage(message);
  return `tx ${number} of block ${bornHeight}`;
}

import { hash } from "node:crypto";
import {
  getBase58Decoder,
  getCompiledTransactionMessageDecoder,
  getCompiledTransactionMessageEncoder,
  getTransactionDecoder,
} from "@solana/kit";
import type { Address } from "@solana/kit";

export interface CompiledInstruction {
  readonly programIdIndex: number;
  readonly accounts: readonly number[];
  readonly data: Uint8Array;
}

export interface TableLookup {
  readonly table: Address;
  readonly writableIndexes: readonly number[];
  readonly readonlyIndexes: readonly number[];
}

/** A transaction whose bytes decoded and encoded again to themselves. */
export interface WireTransaction {
  readonly bytes: Uint8Array;
  readonly messageBytes: Uint8Array;
  /** SHA-256, hex: what makes two transactions the same one. */
  readonly messageHash: string;
  readonly version: "legacy" | 0 | 1;
  /** Base58 of the fee payer's slot, zero bytes included. */
  readonly signature: string;
  readonly signatures: readonly (Uint8Array | null)[];
  readonly lifetimeToken: string;
  readonly header: {
    readonly numSignerAccounts: number;
    readonly numReadonlySignerAccounts: number;
    readonly numReadonlyNonSignerAccounts: number;
  };
  readonly staticKeys: readonly Address[];
  readonly instructions: readonly CompiledInstruction[];
  readonly lookups: readonly TableLookup[];
  /** Version 1 only: the config values of the message, in lamports and compute units. */
  readonly priorityFeeLamports: bigint | null;
}

export type DecodedMessage = Pick<
  WireTransaction,
  "version" | "lifetimeToken" | "header" | "staticKeys" | "instructions" | "lookups" | "priorityFeeLamports"
>;

/** Size limits of the wire, in bytes. */
const MAX_BYTES = 1232;
const MAX_BYTES_V1 = 4096;
const V1_PREFIX = 0x81;
const V1_PRIORITY_FEE_BITS = 0b11;
const V1_MASK_BITS = 5;

const transactionDecoder = getTransactionDecoder();
const messageDecoder = getCompiledTransactionMessageDecoder();
const messageEncoder = getCompiledTransactionMessageEncoder();
const base58 = getBase58Decoder();
const SIGNATURE_BYTES = 64;
const EMPTY_SIGNATURE = new Uint8Array(SIGNATURE_BYTES);

/**
 * Reads wire bytes.
 * @throws Error when they are malformed, too large, or not in canonical form. LiteSVM aborts the whole process on
 * bytes it cannot deserialise, so nothing reaches it but what passed here.
 */
export function decodeTransaction(bytes: Uint8Array): WireTransaction {
  const isV1 = bytes[0] === V1_PREFIX;
  const limit = isV1 ? MAX_BYTES_V1 : MAX_BYTES;
  if (bytes.length > limit) throw new Error(`transaction too large: ${bytes.length} bytes (max: ${limit})`);
  const transaction = transactionDecoder.decode(bytes);
  const messageBytes = new Uint8Array(transaction.messageBytes);
  const signatures = Object.values(transaction.signatures).map((entry) =>
    entry === null ? null : new Uint8Array(entry),
  );
  // Before version 1 a count precedes the signatures; it takes one byte for as many as fit into a transaction.
  const countBytes = isV1 ? 0 : 1;
  const isExact = bytes.length === countBytes + signatures.length * SIGNATURE_BYTES + messageBytes.length;
  if (!isExact || (!isV1 && bytes[0] !== signatures.length)) throw new Error("transaction is not in canonical form");
  const messageHash = hash("sha256", messageBytes, "hex");
  const message = recentMessages.get(messageHash) ?? decodeMessage(messageBytes);
  remember(messageHash, message);
  if (signatures.length !== message.header.numSignerAccounts) throw new Error("signature count does not match header");
  return {
    ...message,
    bytes: new Uint8Array(bytes),
    messageBytes,
    messageHash,
    signature: base58.decode(signatures[0] ?? EMPTY_SIGNATURE),
    signatures,
  };
}

// A message is simulated, sent and often sent again; decoding its keys is the dearest part of each.
const recentMessages = new Map<string, DecodedMessage>();
const MAX_RECENT_MESSAGES = 1000;

function remember(messageHash: string, message: DecodedMessage): void {
  if (recentMessages.size >= MAX_RECENT_MESSAGES) recentMessages.clear();
  recentMessages.set(messageHash, message);
}

/** @throws Error when the message is malformed or not in canonical form. */
export function decodeMessage(bytes: Uint8Array): DecodedMessage {
  const message = messageDecoder.decode(bytes);
  if (!isEqual(bytes, messageEncoder.encode(message))) throw new Error("message is not in canonical form");
  const { header, staticAccounts, lifetimeToken, version } = message;
  if (staticAccounts.length === 0) throw new Error("message has no accounts");
  const common = { header, staticKeys: staticAccounts, lifetimeToken, version };
  if (message.version === 1) {
    const [first] = message.configValues;
    const priorityBits = message.configMask & V1_PRIORITY_FEE_BITS;
    const hasPriorityFee = priorityBits === V1_PRIORITY_FEE_BITS;
    if (message.configMask >>> V1_MASK_BITS !== 0 || (priorityBits !== 0 && !hasPriorityFee)) {
      throw new Error("message has an unknown configuration mask");
    }
    return {
      ...common,
      lookups: [],
      priorityFeeLamports: hasPriorityFee && first?.kind === "u64" ? first.value : 0n,
      instructions: message.instructionPayloads.map((payload, index) => ({
        programIdIndex: message.instructionHeaders[index]?.programAccountIndex ?? 0,
        accounts: payload.instructionAccountIndices,
        data: new Uint8Array(payload.instructionData),
      })),
    };
  }
  return {
    ...common,
    priorityFeeLamports: null,
    instructions: message.instructions.map(({ programAddressIndex, accountIndices, data }) => ({
      programIdIndex: programAddressIndex,
      accounts: accountIndices ?? [],
      data: new Uint8Array(data ?? []),
    })),
    lookups: (("addressTableLookups" in message && message.addressTableLookups) || []).map((lookup) => ({
      table: lookup.lookupTableAddress,
      writableIndexes: lookup.writableIndexes,
      readonlyIndexes: lookup.readonlyIndexes,
    })),
  };
}

export function hasEverySignature(transaction: WireTransaction): boolean {
  return transaction.signatures.every((signature) => signature !== null);
}

function isEqual(left: ArrayLike<number>, right: ArrayLike<number>): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

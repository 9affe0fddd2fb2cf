import { base58 } from "@scure/base";
import type { DecodedInstruction, DecodedTransaction } from "../../../domain/policy/decoded-transaction.ts";
import { type Refusal, refuse } from "../../../domain/refusal.ts";
import { failure, type Result, success } from "../../../domain/result.ts";

/** Source: Solana, PACKET_DATA_SIZE. */
const MAX_WIRE_BYTES = 1_232;
const SIGNATURE_BYTES = 64;
const KEY_BYTES = 32;
const VERSION_FLAG = 0x80;
const VERSION_1 = 0x81;

/** What stops a read; it never leaves this file. */
class Malformed extends Error {}

/** Reads forward over bytes; every step that the bytes do not allow throws `Malformed`. */
function createReader(bytes: Uint8Array) {
  let offset = 0;
  const take = (length: number): Uint8Array => {
    if (offset + length > bytes.length) throw new Malformed("it ends too early");
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
  const takeByte = (): number => take(1)[0] ?? 0;
  /** One to three bytes, seven bits each; only the shortest spelling of a number is taken. */
  const takeCompactU16 = (): number => {
    let value = 0;
    for (let index = 0; index < 3; index++) {
      const byte = takeByte();
      value |= (byte & 0x7f) << (7 * index);
      if (byte < 0x80) {
        if (value > 0xffff || (index > 0 && byte === 0)) break;
        return value;
      }
    }
    throw new Malformed("a length is not written in its shortest form");
  };
  return {
    take,
    takeByte,
    takeCompactU16,
    takeList: <Item>(takeItem: () => Item): Item[] => Array.from({ length: takeCompactU16() }, takeItem),
    peek: (): number => bytes[offset] ?? 0,
    isAtEnd: (): boolean => offset === bytes.length,
  };
}

type Reader = ReturnType<typeof createReader>;

function readInstruction(reader: Reader): DecodedInstruction {
  const programIndex = reader.takeByte();
  const accountIndexes = Array.from(reader.take(reader.takeCompactU16()));
  return { programIndex, accountIndexes, data: reader.take(reader.takeCompactU16()) };
}

interface LookupTable {
  readonly address: string;
  readonly length: number;
}

function readLookupTable(reader: Reader): LookupTable {
  const address = base58.encode(reader.take(KEY_BYTES));
  const writable = reader.take(reader.takeCompactU16()).length;
  const length = writable + reader.take(reader.takeCompactU16()).length;
  if (length === 0) throw new Malformed("a lookup table is named and not used");
  return { address, length };
}

function assertSane(condition: boolean, what: string): void {
  if (!condition) throw new Malformed(what);
}

type DecodedMessage = Omit<DecodedTransaction, "signatures" | "message">;

/** Every index and count that the runtime would check, so that what passes here means what it says. */
function readMessage(message: Uint8Array): DecodedMessage {
  const reader = createReader(message);
  const isVersioned = reader.peek() >= VERSION_FLAG;
  if (isVersioned) reader.takeByte();
  const requiredSignatures = reader.takeByte();
  const readonlySigned = reader.takeByte();
  const readonlyUnsigned = reader.takeByte();
  const accounts = reader.takeList(() => base58.encode(reader.take(KEY_BYTES)));
  const blockhash = base58.encode(reader.take(KEY_BYTES));
  const instructions = reader.takeList(() => readInstruction(reader));
  const lookupTables = isVersioned ? reader.takeList(() => readLookupTable(reader)) : [];

  assertSane(reader.isAtEnd(), "there are bytes behind it");
  assertSane(requiredSignatures > readonlySigned, "its fee payer is not writable");
  assertSane(requiredSignatures + readonlyUnsigned <= accounts.length, "its header counts more accounts than it has");
  assertSane(new Set(accounts).size === accounts.length, "an account is listed twice");
  assertSane(instructions.length > 0, "it has no instruction");
  const accountCount = accounts.length + lookupTables.reduce((count, { length }) => count + length, 0);
  assertSane(accountCount <= 256, "it names more than 256 accounts");
  for (const { programIndex, accountIndexes } of instructions) {
    assertSane(programIndex < accounts.length, "a program is not among its accounts");
    assertSane(
      accountIndexes.every((index) => index < accountCount),
      "an instruction names an account that is not there",
    );
  }
  return {
    version: isVersioned ? 0 : "legacy",
    requiredSignatures,
    accounts,
    blockhash,
    instructions,
    lookupTables: lookupTables.map(({ address }) => address),
  };
}

/**
 * Reads the canonical wire bytes of a legacy or version 0 transaction. Total: whatever the bytes are, it answers.
 * Reasons: `transaction.too_large`, `.version_unsupported`, `.malformed`. Source: Solana transaction format; SIMD-0385 for version 1.
 */
export function decodeTransaction(wire: Uint8Array): Result<DecodedTransaction, Refusal> {
  // Newer versions begin with their version byte; no transaction that fits has 128 signatures. A zero behind it is
  // no number of signers of theirs: it is our own count, written too long.
  const first = wire[0] ?? 0;
  const isOtherFormat = first === VERSION_1 || (first >= VERSION_FLAG && wire[1] !== 0);
  if (isOtherFormat) {
    return failure(refuse("transaction.version_unsupported", "Only legacy and version 0 transactions are supported."));
  }
  if (wire.length > MAX_WIRE_BYTES) {
    return failure(
      refuse("transaction.too_large", `The transaction has ${wire.length} bytes; at most ${MAX_WIRE_BYTES} fit.`),
    );
  }
  try {
    const reader = createReader(wire);
    const signatures = reader.takeList(() => reader.take(SIGNATURE_BYTES));
    const message = wire.subarray(1 + signatures.length * SIGNATURE_BYTES);
    if ((message[0] ?? 0) > VERSION_FLAG) {
      return failure(
        refuse("transaction.version_unsupported", "Only legacy and version 0 transactions are supported."),
      );
    }
    const decoded = readMessage(message);
    assertSane(signatures.length === decoded.requiredSignatures, "it has another number of signatures than signers");
    return success({ ...decoded, signatures, message });
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return failure(refuse("transaction.malformed", `The transaction cannot be read: ${error.message}.`));
  }
}

/** The wire bytes with `signature` in the fee payer's slot. */
export function attachFeePayerSignature(transaction: DecodedTransaction, signature: Uint8Array): Uint8Array {
  const { signatures, message } = transaction;
  const wire = new Uint8Array(1 + signatures.length * SIGNATURE_BYTES + message.length);
  wire[0] = signatures.length;
  wire.set(signature, 1);
  for (const [index, other] of signatures.entries()) if (index > 0) wire.set(other, 1 + index * SIGNATURE_BYTES);
  wire.set(message, 1 + signatures.length * SIGNATURE_BYTES);
  return wire;
}

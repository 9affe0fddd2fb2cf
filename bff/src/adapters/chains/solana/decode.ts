import { base58 } from "@scure/base";
import {
  type DecodedInstruction,
  type DecodedTransaction,
  loadedCount,
  type LookupTable,
} from "../../../domain/policy/decoded-transaction.ts";
import { concatBytes } from "../../../domain/bytes.ts";
import { type Refusal, refuse } from "../../../domain/refusal.ts";
import { failure, type Result, success } from "../../../domain/result.ts";

/** Source: Solana, PACKET_DATA_SIZE. */
const MAX_WIRE_BYTES = 1_232;
/** Of version 1. Source: SIMD-0385, which also bounds signatures, addresses and instructions. */
const MAX_WIRE_BYTES_V1 = 4_096;
const MAX_SIGNATURES_V1 = 12;
const MAX_ACCOUNTS_V1 = 64;
const MAX_INSTRUCTIONS_V1 = 64;
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
    takeNumber: (length: number): bigint => take(length).reduceRight((value, byte) => value * 256n + BigInt(byte), 0n),
    peek: (): number => bytes[offset] ?? 0,
    offset: (): number => offset,
    isAtEnd: (): boolean => offset === bytes.length,
  };
}

type Reader = ReturnType<typeof createReader>;

function readInstruction(reader: Reader): DecodedInstruction {
  const programIndex = reader.takeByte();
  const accountIndexes = Array.from(reader.take(reader.takeCompactU16()));
  return { programIndex, accountIndexes, data: reader.take(reader.takeCompactU16()) };
}

function readLookupTable(reader: Reader): LookupTable {
  const address = base58.encode(reader.take(KEY_BYTES));
  const writable = reader.take(reader.takeCompactU16()).length;
  const readonly = reader.take(reader.takeCompactU16()).length;
  if (writable + readonly === 0) throw new Malformed("a lookup table is named and not used");
  return { address, writable, readonly };
}

function assertSane(condition: boolean, what: string): void {
  if (!condition) throw new Malformed(what);
}

type DecodedMessage = Omit<DecodedTransaction, "signatures" | "message">;

interface Header {
  readonly requiredSignatures: number;
  readonly readonlySigned: number;
  readonly readonlyUnsigned: number;
}

const readHeader = (reader: Reader): Header => ({
  requiredSignatures: reader.takeByte(),
  readonlySigned: reader.takeByte(),
  readonlyUnsigned: reader.takeByte(),
});

/** Every index and count that the runtime would check, so that what passes here means what it says. */
function assertConsistent(
  { requiredSignatures, readonlySigned, readonlyUnsigned }: Header,
  { accounts, instructions, lookupTables }: Pick<DecodedMessage, "accounts" | "instructions" | "lookupTables">,
): void {
  assertSane(requiredSignatures > readonlySigned, "its fee payer is not writable");
  assertSane(requiredSignatures + readonlyUnsigned <= accounts.length, "its header counts more accounts than it has");
  assertSane(new Set(accounts).size === accounts.length, "an account is listed twice");
  assertSane(instructions.length > 0, "it has no instruction");
  const accountCount = accounts.length + loadedCount({ lookupTables } as DecodedTransaction);
  assertSane(accountCount <= 256, "it names more than 256 accounts");
  for (const { programIndex, accountIndexes } of instructions) {
    assertSane(programIndex < accounts.length, "a program is not among its accounts");
    assertSane(
      accountIndexes.every((index) => index < accountCount),
      "an instruction names an account that is not there",
    );
  }
}

function readMessage(message: Uint8Array): DecodedMessage {
  const reader = createReader(message);
  const isVersioned = reader.peek() >= VERSION_FLAG;
  if (isVersioned) reader.takeByte();
  const header = readHeader(reader);
  const accounts = reader.takeList(() => base58.encode(reader.take(KEY_BYTES)));
  const blockhash = base58.encode(reader.take(KEY_BYTES));
  const instructions = reader.takeList(() => readInstruction(reader));
  const lookupTables = isVersioned ? reader.takeList(() => readLookupTable(reader)) : [];
  assertSane(reader.isAtEnd(), "there are bytes behind it");
  assertConsistent(header, { accounts, instructions, lookupTables });
  const { requiredSignatures } = header;
  return { version: isVersioned ? 0 : "legacy", requiredSignatures, accounts, blockhash, instructions, lookupTables };
}

/** The bits of a version 1 message that say which values follow: two for the priority fee, one for each of the others. */
const PRIORITY_FEE_BITS = 0b11n;
const COMPUTE_UNITS_BIT = 0b100n;
const DATA_SIZE_BIT = 0b1000n;
const HEAP_SIZE_BIT = 0b1_0000n;
const KNOWN_BITS = PRIORITY_FEE_BITS | COMPUTE_UNITS_BIT | DATA_SIZE_BIT | HEAP_SIZE_BIT;

function readConfig(reader: Reader, mask: bigint): NonNullable<DecodedTransaction["config"]> {
  const hasFee = (mask & PRIORITY_FEE_BITS) === PRIORITY_FEE_BITS;
  const priorityFee = hasFee ? reader.takeNumber(8) : 0n;
  const computeUnits = (mask & COMPUTE_UNITS_BIT) === 0n ? undefined : reader.takeNumber(4);
  if ((mask & DATA_SIZE_BIT) !== 0n) reader.take(4);
  if ((mask & HEAP_SIZE_BIT) !== 0n) reader.take(4);
  return { priorityFee, computeUnits };
}

/** A version 1 message, and where it ends: its signatures are behind it. Source: SIMD-0385. */
function readMessageV1(wire: Uint8Array): { message: DecodedMessage; length: number } {
  const reader = createReader(wire);
  reader.takeByte();
  const header = readHeader(reader);
  const mask = reader.takeNumber(4);
  const feeBits = mask & PRIORITY_FEE_BITS;
  assertSane((mask & ~KNOWN_BITS) === 0n, "its config has bits that mean nothing");
  assertSane(feeBits === 0n || feeBits === PRIORITY_FEE_BITS, "its config has half a priority fee");
  const blockhash = base58.encode(reader.take(KEY_BYTES));
  const instructionCount = reader.takeByte();
  const accountCount = reader.takeByte();
  assertSane(header.requiredSignatures <= MAX_SIGNATURES_V1, `it has more than ${MAX_SIGNATURES_V1} signers`);
  assertSane(accountCount <= MAX_ACCOUNTS_V1, `it names more than ${MAX_ACCOUNTS_V1} accounts`);
  assertSane(instructionCount <= MAX_INSTRUCTIONS_V1, `it has more than ${MAX_INSTRUCTIONS_V1} instructions`);
  const accounts = Array.from({ length: accountCount }, () => base58.encode(reader.take(KEY_BYTES)));
  const config = readConfig(reader, mask);
  const heads = Array.from({ length: instructionCount }, () => ({
    programIndex: reader.takeByte(),
    accountCount: reader.takeByte(),
    dataLength: Number(reader.takeNumber(2)),
  }));
  const instructions = heads.map(({ programIndex, accountCount: count, dataLength }) => ({
    programIndex,
    accountIndexes: Array.from(reader.take(count)),
    data: reader.take(dataLength),
  }));
  assertConsistent(header, { accounts, instructions, lookupTables: [] });
  const { requiredSignatures } = header;
  const message = {
    version: 1 as const,
    requiredSignatures,
    accounts,
    blockhash,
    instructions,
    lookupTables: [],
    config,
  };
  return { message, length: reader.offset() };
}

function decodeV1(wire: Uint8Array): DecodedTransaction {
  const { message, length } = readMessageV1(wire);
  const reader = createReader(wire.subarray(length));
  const signatures = Array.from({ length: message.requiredSignatures }, () => reader.take(SIGNATURE_BYTES));
  assertSane(reader.isAtEnd(), "there are bytes behind it");
  return { ...message, signatures, message: wire.subarray(0, length) };
}

function decodeLegacyOrV0(wire: Uint8Array): DecodedTransaction {
  const reader = createReader(wire);
  const signatures = reader.takeList(() => reader.take(SIGNATURE_BYTES));
  const message = wire.subarray(reader.offset());
  const decoded = readMessage(message);
  assertSane(signatures.length === decoded.requiredSignatures, "it has another number of signatures than signers");
  return { ...decoded, signatures, message };
}

const unsupported = (): Result<never, Refusal> =>
  failure(
    refuse("transaction.version_unsupported", "Only legacy, version 0 and version 1 transactions are supported."),
  );

/** True when the message inside says a version of its own that is none of ours; the bytes may still be anything. */
function hasForeignVersion(wire: Uint8Array): boolean {
  const first = wire[0] ?? 0;
  // Newer versions begin with their version byte; no transaction that fits has 128 signatures. A zero behind it is
  // no number of signers of theirs: it is our own count, written too long.
  if (first >= VERSION_FLAG) return wire[1] !== 0;
  return (wire[1 + first * SIGNATURE_BYTES] ?? 0) > VERSION_FLAG;
}

/**
 * Reads the canonical wire bytes of a legacy, version 0 or version 1 transaction. Total: whatever the bytes are, it answers.
 * Reasons: `transaction.too_large`, `.version_unsupported`, `.malformed`. Source: Solana transaction format; SIMD-0385 for version 1.
 */
export function decodeTransaction(wire: Uint8Array): Result<DecodedTransaction, Refusal> {
  const isV1 = wire[0] === VERSION_1;
  if (!isV1 && hasForeignVersion(wire)) return unsupported();
  const maxBytes = isV1 ? MAX_WIRE_BYTES_V1 : MAX_WIRE_BYTES;
  if (wire.length > maxBytes) {
    return failure(
      refuse("transaction.too_large", `The transaction has ${wire.length} bytes; at most ${maxBytes} fit.`),
    );
  }
  try {
    return success(isV1 ? decodeV1(wire) : decodeLegacyOrV0(wire));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return failure(refuse("transaction.malformed", `The transaction cannot be read: ${error.message}.`));
  }
}

/** The wire bytes with `signature` in the fee payer's slot. */
export function attachFeePayerSignature(transaction: DecodedTransaction, signature: Uint8Array): Uint8Array {
  const { signatures, message, version } = transaction;
  const slots = concatBytes(signature, ...signatures.slice(1));
  return version === 1 ? concatBytes(message, slots) : concatBytes(Uint8Array.of(signatures.length), slots, message);
}

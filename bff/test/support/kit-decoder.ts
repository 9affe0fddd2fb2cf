import {
  type CompiledTransactionMessage,
  type CompiledTransactionMessageWithLifetime,
  getCompiledTransactionMessageDecoder,
  getCompiledTransactionMessageEncoder,
  getTransactionDecoder,
} from "@solana/kit";
import type { DecodedTransaction } from "../../src/domain/policy/decoded-transaction.ts";

const transactions = getTransactionDecoder();
const messages = getCompiledTransactionMessageDecoder();
const encoder = getCompiledTransactionMessageEncoder();

type Compiled = CompiledTransactionMessage & CompiledTransactionMessageWithLifetime;
type CompiledV1 = Extract<Compiled, { version: 1 }>;
type SaidByVersion = Pick<DecodedTransaction, "instructions" | "lookupTables" | "config">;

/** Kit has the values of a config in the order of the mask's bits: the fee in lamports, then compute units. */
function saidByV1({ configMask, configValues, instructionHeaders, instructionPayloads }: CompiledV1): SaidByVersion {
  const values = configValues.map(({ value }) => BigInt(value));
  const priorityFee = (configMask & 3) === 3 ? (values.shift() ?? 0n) : 0n;
  const computeUnits = (configMask & 4) === 4 ? values.shift() : undefined;
  return {
    instructions: instructionHeaders.map(({ programAccountIndex }, index) => ({
      programIndex: programAccountIndex,
      accountIndexes: instructionPayloads[index]?.instructionAccountIndices ?? [],
      data: new Uint8Array(instructionPayloads[index]?.instructionData ?? []),
    })),
    lookupTables: [],
    config: { priorityFee, computeUnits },
  };
}

function saidByOthers(message: Exclude<Compiled, { version: 1 }>): SaidByVersion {
  const tables = "addressTableLookups" in message ? (message.addressTableLookups ?? []) : [];
  return {
    instructions: message.instructions.map(({ programAddressIndex, accountIndices = [], data }) => ({
      programIndex: programAddressIndex,
      accountIndexes: [...accountIndices],
      data: new Uint8Array(data ?? []),
    })),
    lookupTables: tables.map(({ lookupTableAddress, writableIndexes, readonlyIndexes }) => ({
      address: lookupTableAddress,
      writable: writableIndexes.length,
      readonly: readonlyIndexes.length,
    })),
  };
}

/** A second opinion on wire bytes: what `@solana/kit` reads of them, and what it writes for what it read. */
export function decodeAsKit(wire: Uint8Array): {
  fields: Omit<DecodedTransaction, "message">;
  encodedAgain: Uint8Array;
} {
  const { messageBytes, signatures } = transactions.decode(wire);
  const message = messages.decode(messageBytes);
  const slots = Object.values(signatures).map((signature) =>
    signature ? new Uint8Array(signature) : new Uint8Array(64),
  );
  const bytes = [...encoder.encode(message)];
  const filled = slots.flatMap((slot) => [...slot]);
  return {
    fields: {
      version: message.version,
      signatures: slots,
      requiredSignatures: message.header.numSignerAccounts,
      accounts: message.staticAccounts,
      blockhash: message.lifetimeToken,
      ...(message.version === 1 ? saidByV1(message) : saidByOthers(message)),
    },
    encodedAgain: Uint8Array.from(message.version === 1 ? [...bytes, ...filled] : [slots.length, ...filled, ...bytes]),
  };
}

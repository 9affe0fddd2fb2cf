import {
  getCompiledTransactionMessageDecoder,
  getCompiledTransactionMessageEncoder,
  getTransactionDecoder,
} from "@solana/kit";
import type { DecodedTransaction } from "../../src/domain/policy/decoded-transaction.ts";

const transactions = getTransactionDecoder();
const messages = getCompiledTransactionMessageDecoder();
const encoder = getCompiledTransactionMessageEncoder();

/** A second opinion on wire bytes: what `@solana/kit` reads of them, and what it writes for what it read. */
export function decodeAsKit(wire: Uint8Array): {
  fields: Omit<DecodedTransaction, "message">;
  encodedAgain: Uint8Array;
} {
  const { messageBytes, signatures } = transactions.decode(wire);
  const message = messages.decode(messageBytes);
  if (message.version === 1) throw new Error("kit reads version 1 where none is");
  const slots = Object.values(signatures).map((signature) =>
    signature ? new Uint8Array(signature) : new Uint8Array(64),
  );
  const tables = "addressTableLookups" in message ? (message.addressTableLookups ?? []) : [];
  return {
    fields: {
      version: message.version,
      signatures: slots,
      requiredSignatures: message.header.numSignerAccounts,
      accounts: message.staticAccounts,
      blockhash: message.lifetimeToken,
      instructions: message.instructions.map(({ programAddressIndex, accountIndices = [], data }) => ({
        programIndex: programAddressIndex,
        accountIndexes: [...accountIndices],
        data: new Uint8Array(data ?? []),
      })),
      lookupTables: tables.map(({ lookupTableAddress }) => lookupTableAddress),
    },
    encodedAgain: Uint8Array.from([slots.length, ...slots.flatMap((slot) => [...slot]), ...encoder.encode(message)]),
  };
}

import { base58, base64 } from "@scure/base";
import type { TransactionDetails } from "./history.ts";
import type { Json } from "./json.ts";
import type { Config } from "./params.ts";
import { RPC_CODES, RpcError, invalidParams } from "./rpc-error.ts";
import { decodeTransaction } from "./wire-transaction.ts";
import type { WireTransaction } from "./wire-transaction.ts";

export interface TransactionOptions {
  readonly encoding: "json" | "base58" | "base64";
  readonly maxVersion: number | null;
}

export function readTransactionOptions(config: Config): TransactionOptions {
  const maxVersion = config["maxSupportedTransactionVersion"];
  if (maxVersion !== undefined && maxVersion !== null && typeof maxVersion !== "number") {
    throw invalidParams("Invalid param: maxSupportedTransactionVersion must be a number");
  }
  return { encoding: readTransactionEncoding(config["encoding"]), maxVersion: maxVersion ?? null };
}

/** jsonParsed is answered as json: no instruction parsers live here. */
function readTransactionEncoding(encoding: unknown): TransactionOptions["encoding"] {
  if (encoding === undefined || encoding === null || encoding === "json" || encoding === "jsonParsed") return "json";
  if (encoding === "base58" || encoding === "base64") return encoding;
  throw invalidParams("Invalid param: unknown encoding");
}

/** @throws RpcError -32015 when the caller does not accept the transaction's version. */
export function describeTransaction(
  { wire: bytes, meta }: TransactionDetails,
  { encoding, maxVersion }: TransactionOptions,
): { readonly [name: string]: Json } {
  const wire = decodeTransaction(bytes);
  const isAccepted = wire.version === "legacy" || (maxVersion !== null && wire.version <= maxVersion);
  if (!isAccepted) {
    throw new RpcError(
      RPC_CODES.unsupportedTransactionVersion,
      `Transaction version (${wire.version}) is not supported by the requesting client. Please try the request again with the following configuration parameter: "maxSupportedTransactionVersion": ${wire.version}`,
    );
  }
  const version = maxVersion === null ? {} : { version: wire.version };
  return { ...version, meta, transaction: describeWire(wire, encoding) };
}

function describeWire(wire: WireTransaction, encoding: TransactionOptions["encoding"]): Json {
  if (encoding === "base64") return [base64.encode(wire.bytes), "base64"];
  if (encoding === "base58") return [base58.encode(wire.bytes), "base58"];
  const lookups = wire.lookups.map(({ table, writableIndexes, readonlyIndexes }) => ({
    accountKey: table,
    writableIndexes,
    readonlyIndexes,
  }));
  return {
    signatures: wire.signatures.map((signature) => base58.encode(signature ?? new Uint8Array(64))),
    message: {
      header: {
        numRequiredSignatures: wire.header.numSignerAccounts,
        numReadonlySignedAccounts: wire.header.numReadonlySignerAccounts,
        numReadonlyUnsignedAccounts: wire.header.numReadonlyNonSignerAccounts,
      },
      accountKeys: wire.staticKeys,
      recentBlockhash: wire.lifetimeToken,
      instructions: wire.instructions.map(({ programIdIndex, accounts, data }) => ({
        programIdIndex,
        accounts,
        data: base58.encode(data),
        stackHeight: 1,
      })),
      ...(wire.version === 0 ? { addressTableLookups: lookups } : {}),
    },
  };
}

import { base58, base64 } from "@scure/base";
import type { Address } from "@solana/kit";
import { describeAccount, readEncoding } from "../account-encoding.ts";
import { MAX_BLOCKHASH_AGE } from "../blocks.ts";
import { isRecord } from "../json.ts";
import type { Json } from "../json.ts";
import {
  MAX_ACCOUNTS,
  readAddress,
  readConfig,
  readContextSlot,
  readFlag,
  readList,
  readString,
  readUnsigned,
  withContext,
} from "../params.ts";
import type { Method } from "../rpc.ts";
import { RPC_CODES, RpcError, invalidParams } from "../rpc-error.ts";
import { simulate } from "../simulate.ts";
import type { SimulationReport } from "../simulate.ts";
import type { Svm } from "../svm.ts";
import { messageOf } from "../transaction-errors.ts";
import { decodeTransaction, hasEverySignature } from "../wire-transaction.ts";
import type { WireTransaction } from "../wire-transaction.ts";

export const SEND_METHODS: Readonly<Record<string, Method>> = {
  async requestAirdrop([address, lamports], { airdrop }) {
    return await airdrop(readAddress(address), readUnsigned(lamports, "lamports"));
  },

  sendTransaction([text, options], { chain, gates, keep }) {
    const config = readConfig(options);
    const slot = readContextSlot(chain, config, config["preflightCommitment"]);
    const wire = readTransaction(text, config["encoding"], "base58");
    if (!readFlag(config, "skipPreflight")) {
      const report = simulate(chain, wire, {
        verifySignatures: assertSigned(wire),
        checkLifetime: true,
        withInnerInstructions: false,
        slot,
      });
      assertVerified(report);
      if (report.outcome.error !== null) throw preflightFailure(report);
    }
    const fate = gates.nextSend();
    // A leader drops what cannot be in a block without telling anybody: the signature is the answer all the same.
    if (fate === "land") chain.land(wire);
    if (fate === "keep") keep(wire);
    return wire.signature;
  },

  simulateTransaction([text, options], { chain }) {
    const config = readConfig(options);
    const slot = readContextSlot(chain, config);
    const verifySignatures = readFlag(config, "sigVerify");
    const replaceBlockhash = readFlag(config, "replaceRecentBlockhash");
    if (verifySignatures && replaceBlockhash)
      throw invalidParams("sigVerify may not be used with replaceRecentBlockhash");
    const wire = readTransaction(text, config["encoding"], "base58");
    const report = simulate(chain, wire, {
      verifySignatures: verifySignatures && assertSigned(wire),
      checkLifetime: !replaceBlockhash,
      withInnerInstructions: readFlag(config, "innerInstructions"),
      slot,
    });
    assertVerified(report);
    const { blockhash, height } = chain.blocks.atOrOldest(slot);
    return withContext(slot, {
      ...report.fields,
      accounts: describeAccounts(chain.svm, report, config["accounts"]),
      replacementBlockhash: replaceBlockhash ? { blockhash, lastValidBlockHeight: height + MAX_BLOCKHASH_AGE } : null,
    });
  },
};

function readTransaction(text: unknown, encoding: unknown, fallback: "base58"): WireTransaction {
  const chosen = encoding ?? fallback;
  if (chosen !== "base58" && chosen !== "base64")
    throw invalidParams("unsupported encoding. Supported encodings: base58, base64");
  const encoded = readString(text, "transaction");
  try {
    return decodeTransaction(chosen === "base64" ? base64.decode(encoded) : base58.decode(encoded));
  } catch (error) {
    throw invalidParams(`failed to deserialize transaction: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function assertSigned(wire: WireTransaction): true {
  if (!hasEverySignature(wire)) throw verificationFailure();
  return true;
}

function assertVerified({ outcome }: SimulationReport): void {
  if (outcome.error === "SignatureFailure") throw verificationFailure();
  if (outcome.error === "SanitizeFailure") {
    throw invalidParams("invalid transaction: Transaction failed to sanitize accounts offsets correctly");
  }
}

function verificationFailure(): RpcError {
  return new RpcError(RPC_CODES.signatureVerificationFailure, "Transaction signature verification failure");
}

function preflightFailure({ outcome, fields }: SimulationReport): RpcError {
  const error = outcome.error ?? "SanitizeFailure";
  return new RpcError(RPC_CODES.preflightFailure, `Transaction simulation failed: ${messageOf(error)}`, {
    ...fields,
    accounts: null,
    replacementBlockhash: null,
  });
}

function describeAccounts(svm: Svm, { outcome, after }: SimulationReport, wanted: unknown): Json {
  if (wanted === undefined || wanted === null) return null;
  if (!isRecord(wanted)) throw invalidParams("Invalid param: accounts must be an object");
  const encoding = readEncoding(wanted["encoding"], "base64");
  if (encoding === "base58" || encoding === "binary") throw invalidParams("base58 encoding not supported");
  const addresses = readList(wanted["addresses"], "addresses", MAX_ACCOUNTS).map((address) => readAddress(address));
  return addresses.map((address: Address) => {
    if (outcome.error !== null) return null;
    const account = after.has(address) ? (after.get(address) ?? null) : svm.readAccount(address);
    return describeAccount(svm, account, encoding);
  });
}

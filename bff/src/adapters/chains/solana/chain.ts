import { base58, base64 } from "@scure/base";
import type { DecodedTransaction } from "../../../domain/policy/decoded-transaction.ts";
import { type Refusal, refuse } from "../../../domain/refusal.ts";
import { failure, type Result, success } from "../../../domain/result.ts";
import type { Simulation } from "../../../domain/simulation.ts";
import { AppError } from "../../../errors.ts";
import type { ChainPort } from "../../../ports.ts";
import {
  BlockhashAnswer,
  EpochInfoAnswer,
  HeightAnswer,
  SimulationAnswer,
  StatusesAnswer,
  TransactionAnswer,
} from "./answers.ts";
import { attachFeePayerSignature, decodeTransaction } from "./decode.ts";
import { verifyEd25519 } from "./ed25519.ts";
import { createRpc, type Rpc, RpcError } from "./rpc.ts";

const KEY_BYTES = 32;
const SYSTEM_PROGRAM = "11111111111111111111111111111111";
const INVALID_PARAMS = -32_602;

export interface SolanaChainOptions {
  readonly rpcUrl: string;
  readonly genesisHash: string;
  readonly nowMs: () => number;
}

function parseAddress(text: string): string | undefined {
  try {
    return base58.decode(text).length === KEY_BYTES ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A JSON-RPC error that no caller has a better word for. */
function asAppError(error: unknown): unknown {
  if (!(error instanceof RpcError)) return error;
  return new AppError("upstream.rpc_unavailable", "The network's node refused the call.", {
    retryAfterSeconds: 1,
    cause: error,
  });
}

async function simulate(rpc: Rpc, transaction: DecodedTransaction): Promise<Result<Simulation, Refusal>> {
  const wire = attachFeePayerSignature(transaction, new Uint8Array(64));
  const options = {
    encoding: "base64",
    commitment: "processed",
    sigVerify: false,
    replaceRecentBlockhash: false,
    innerInstructions: true,
    accounts: { encoding: "base64", addresses: [transaction.accounts[0]] },
  };
  const [answer, blockHeight] = await Promise.all([
    rpc.read("simulateTransaction", [base64.encode(wire), options], SimulationAnswer),
    rpc.read("getBlockHeight", [{ commitment: "processed" }], HeightAnswer),
  ]);
  const { value } = answer;
  const [feePayer] = value.accounts ?? [];
  return success({
    error: value.err,
    logs: value.logs ?? [],
    feePayerBefore: value.preBalances[0] ?? 0n,
    feePayerAfter: value.postBalances[0] ?? 0n,
    feePayerOwner: feePayer?.owner ?? SYSTEM_PROGRAM,
    feePayerDataLength: feePayer?.data[0].length ?? 0,
    tokenBalancesBefore: value.preTokenBalances,
    tokenBalancesAfter: value.postTokenBalances,
    innerInstructions: value.innerInstructions,
    blockHeight,
  });
}

/** A Solana network through one node. Every call has a deadline of 2.5 s. */
export function createSolanaChain({ rpcUrl, genesisHash, nowMs }: SolanaChainOptions): ChainPort {
  const rpc = createRpc(rpcUrl, genesisHash, nowMs);
  const attempt = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      return await work;
    } catch (error) {
      throw asAppError(error);
    }
  };
  return {
    parseAddress,
    decode: decodeTransaction,
    verifySignature: (address, message, signature) => verifyEd25519(base58.decode(address), message, signature),
    async latestLifetime() {
      const { value } = await attempt(rpc.read("getLatestBlockhash", [{ commitment: "confirmed" }], BlockhashAnswer));
      return value;
    },
    async simulate(transaction) {
      try {
        return await simulate(rpc, transaction);
      } catch (error) {
        const isUnreadable = error instanceof RpcError && error.rpcCode === INVALID_PARAMS;
        if (!isUnreadable) throw asAppError(error);
        return failure(refuse("transaction.malformed", "The network's node cannot read the transaction."));
      }
    },
    attachSignature: (transaction, signature) => ({
      wire: attachFeePayerSignature(transaction, signature),
      transactionId: base58.encode(signature),
    }),
    send: (wire) =>
      attempt(
        rpc.write("sendTransaction", [
          base64.encode(wire),
          { encoding: "base64", skipPreflight: true, preflightCommitment: "processed", maxRetries: 0 },
        ]),
      ),
    async statuses(transactionIds, withHistory) {
      const { context, value } = await attempt(
        rpc.read("getSignatureStatuses", [transactionIds, { searchTransactionHistory: withHistory }], StatusesAnswer),
      );
      const statuses = transactionIds.map((_, index) => {
        const status = value[index];
        return status ? { commitment: status.confirmationStatus, slot: status.slot } : undefined;
      });
      return { slot: context.slot, statuses };
    },
    async finalizedTip() {
      const info = await attempt(rpc.read("getEpochInfo", [{ commitment: "finalized" }], EpochInfoAnswer));
      return { slot: info.absoluteSlot, blockHeight: info.blockHeight };
    },
    async landed(transactionId) {
      const options = { encoding: "base64", commitment: "finalized", maxSupportedTransactionVersion: 0 };
      const answer = await attempt(rpc.read("getTransaction", [transactionId, options], TransactionAnswer));
      if (!answer) return undefined;
      const { slot, meta } = answer;
      const feePayerLoss = (meta.preBalances[0] ?? 0n) - (meta.postBalances[0] ?? 0n);
      return { slot, error: meta.err ?? null, fee: meta.fee, feePayerLoss };
    },
    ping: () => attempt(rpc.proveGenesis()),
  };
}

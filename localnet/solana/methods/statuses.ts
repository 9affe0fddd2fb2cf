import { MAX_BLOCKHASH_AGE } from "../blocks.ts";
import { isReached } from "../chain.ts";
import type { Chain } from "../chain.ts";
import type { LandedTransaction } from "../history.ts";
import type { Json } from "../json.ts";
import {
  MAX_SIGNATURES,
  readAddress,
  readCommitment,
  readConfig,
  readContextSlot,
  readFlag,
  readList,
  readSignature,
  readUnsigned,
  withContext,
} from "../params.ts";
import type { Method, RpcContext } from "../rpc.ts";
import { invalidParams } from "../rpc-error.ts";
import { describeTransaction, readTransactionOptions } from "../transaction-encoding.ts";

const MAX_SIGNATURES_FOR_ADDRESS = 1000;

export const STATUS_METHODS: Readonly<Record<string, Method>> = {
  getSignatureStatuses([signatures, options], context) {
    const { chain } = context;
    const withHistory = readFlag(readConfig(options), "searchTransactionHistory");
    const asked = readList(signatures, "signatures", MAX_SIGNATURES).map((signature) => readSignature(signature));
    const oldest = chain.slot() - MAX_BLOCKHASH_AGE;
    const statuses = asked.map((signature) => {
      const landed = findLanded(context, signature);
      return landed === null || (!withHistory && landed.slot < oldest) ? null : describeStatus(chain, landed);
    });
    return withContext(chain.slot(), statuses);
  },

  getTransaction([signature, options], context) {
    const config = readConfig(typeof options === "string" ? { encoding: options } : options);
    const choice = readTransactionOptions(config);
    const commitment = readCommitmentOfBlocks(config["commitment"]);
    readContextSlot(context.chain, config, commitment);
    const landed = findLanded(context, readSignature(signature));
    if (landed === null || landed.details === null || !isReached(context.chain, landed.slot, commitment)) return null;
    return {
      slot: landed.slot,
      blockTime: Math.floor(landed.timeMs / 1000),
      ...describeTransaction(landed.details, choice),
    };
  },

  getSignaturesForAddress([address, options], context) {
    const { chain } = context;
    const config = readConfig(options);
    const key = readAddress(address);
    const commitment = readCommitmentOfBlocks(config["commitment"]);
    readContextSlot(chain, config, commitment);
    const limit = Number(readUnsigned(config["limit"] ?? MAX_SIGNATURES_FOR_ADDRESS, "limit"));
    if (limit < 1 || limit > MAX_SIGNATURES_FOR_ADDRESS) throw invalidParams("Invalid limit; max 1000");
    const until = config["until"];
    let isPastBefore = typeof config["before"] !== "string";
    const found: Json[] = [];
    for (const landed of chain.history.newestFirst()) {
      if (found.length === limit || landed.signature === until) break;
      const isListed =
        isPastBefore && isReached(chain, landed.slot, commitment) && landed.details?.keys.includes(key) === true;
      if (isListed && !context.gates.isHidden(landed.signature)) found.push(describeEntry(chain, landed));
      if (landed.signature === config["before"]) isPastBefore = true;
    }
    return found;
  },
};

/** What landed, unless a fault denies it. */
function findLanded({ chain, gates }: RpcContext, signature: string): LandedTransaction | null {
  return gates.isHidden(signature) ? null : (chain.history.get(signature) ?? null);
}

function describeStatus(chain: Chain, landed: LandedTransaction): Json {
  const confirmationStatus = chain.commitmentOf(landed.slot);
  return {
    slot: landed.slot,
    confirmations: confirmationStatus === "finalized" ? null : chain.slot() - landed.slot,
    err: landed.error,
    status: landed.error === null ? { Ok: null } : { Err: landed.error },
    confirmationStatus,
  };
}

function describeEntry(chain: Chain, landed: LandedTransaction): Json {
  return {
    signature: landed.signature,
    slot: landed.slot,
    err: landed.error,
    memo: null,
    blockTime: Math.floor(landed.timeMs / 1000),
    confirmationStatus: chain.commitmentOf(landed.slot),
  };
}

/** Blocks and their transactions are given at confirmed or finalized only. */
export function readCommitmentOfBlocks(value: unknown): "confirmed" | "finalized" {
  const commitment = readCommitment(value);
  if (commitment === "processed") throw invalidParams("Method does not support commitment below `confirmed`");
  return commitment;
}

import type { Block } from "../blocks.ts";
import type { Chain } from "../chain.ts";
import type { LandedTransaction } from "../history.ts";
import type { Json } from "../json.ts";
import { readConfig, readContextSlot, readFlag, readUnsigned } from "../params.ts";
import type { Method } from "../rpc.ts";
import { RPC_CODES, RpcError, invalidParams } from "../rpc-error.ts";
import { describeTransaction, readTransactionOptions } from "../transaction-encoding.ts";
import { readCommitmentOfBlocks } from "./statuses.ts";

export const BLOCK_METHODS: Readonly<Record<string, Method>> = {
  getBlockTime: ([slot], { chain }) => Math.floor(findBlock(chain, slot, chain.slot()).timeMs / 1000),

  getBlock([slot, options], { chain }) {
    const config = readConfig(typeof options === "string" ? { encoding: options } : options);
    const newest = readContextSlot(chain, config, readCommitmentOfBlocks(config["commitment"]));
    const block = findBlock(chain, slot, newest);
    const parent = chain.blocks.bySlot(block.slot - 1n) ?? block;
    return {
      blockhash: block.blockhash,
      previousBlockhash: parent.blockhash,
      parentSlot: parent.slot,
      blockHeight: block.height,
      blockTime: Math.floor(block.timeMs / 1000),
      ...describeContent(landedIn(chain, block.slot), config),
      ...(config["rewards"] === undefined || readFlag(config, "rewards") ? { rewards: [] } : {}),
    };
  },
};

function findBlock(chain: Chain, value: unknown, newest: bigint): Block {
  const slot = readUnsigned(value, "slot");
  if (slot > newest) throw new RpcError(RPC_CODES.blockNotAvailable, `Block not available for slot ${slot}`);
  const block = chain.blocks.bySlot(slot);
  if (block === undefined) {
    throw new RpcError(RPC_CODES.slotSkipped, `Slot ${slot} was skipped, or missing in long-term storage`);
  }
  return block;
}

function landedIn(chain: Chain, slot: bigint): LandedTransaction[] {
  const landed: LandedTransaction[] = [];
  for (const entry of chain.history.newestFirst()) {
    if (entry.slot < slot) break;
    if (entry.slot === slot) landed.unshift(entry);
  }
  return landed;
}

function describeContent(
  landed: readonly LandedTransaction[],
  config: Readonly<Record<string, unknown>>,
): { readonly [name: string]: Json } {
  switch (config["transactionDetails"] ?? "full") {
    case "none":
      return {};
    case "signatures":
      return { signatures: landed.map(({ signature }) => signature) };
    case "full": {
      const options = readTransactionOptions(config);
      return {
        transactions: landed.flatMap(({ details }) =>
          details === null ? [] : [describeTransaction(details, options)],
        ),
      };
    }
    default:
      throw invalidParams("Invalid param: transactionDetails is full, signatures or none");
  }
}

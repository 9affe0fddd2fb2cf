import { SLOTS_PER_EPOCH } from "../chain.ts";
import { MAX_BLOCKHASH_AGE } from "../blocks.ts";
import { API_VERSION, readConfig, readContextSlot, readString, withContext } from "../params.ts";
import type { Method } from "../rpc.ts";

/** Agave's feature set number is any u32; clients only print it. */
const FEATURE_SET = 0;

export const CLUSTER_METHODS: Readonly<Record<string, Method>> = {
  getHealth: () => "ok",

  getVersion: () => ({ "solana-core": API_VERSION, "feature-set": FEATURE_SET }),

  getIdentity: (_params, { identity }) => ({ identity }),

  getGenesisHash: (_params, { gates, genesisHash }) => gates.genesisHash() ?? genesisHash,

  getSlot: ([options], { chain }) => readContextSlot(chain, readConfig(options)),

  getBlockHeight([options], { chain }) {
    const slot = readContextSlot(chain, readConfig(options));
    return chain.blocks.atOrOldest(slot).height;
  },

  getEpochInfo([options], { chain }) {
    const slot = readContextSlot(chain, readConfig(options));
    return {
      absoluteSlot: slot,
      blockHeight: chain.blocks.atOrOldest(slot).height,
      epoch: slot / SLOTS_PER_EPOCH,
      slotIndex: slot % SLOTS_PER_EPOCH,
      slotsInEpoch: SLOTS_PER_EPOCH,
      transactionCount: chain.history.count(),
    };
  },

  getTransactionCount: (_params, { chain }) => chain.history.count(),

  getLatestBlockhash([options], { chain }) {
    const slot = readContextSlot(chain, readConfig(options));
    const { blockhash, height } = chain.blocks.atOrOldest(slot);
    return withContext(slot, { blockhash, lastValidBlockHeight: height + MAX_BLOCKHASH_AGE });
  },

  isBlockhashValid([blockhash, options], { chain }) {
    const slot = readContextSlot(chain, readConfig(options));
    const block = chain.blocks.byHash(readString(blockhash, "blockhash"));
    const isKnown = block !== undefined && block.slot <= slot;
    return withContext(slot, isKnown && chain.blocks.atOrOldest(slot).height - block.height <= MAX_BLOCKHASH_AGE);
  },
};

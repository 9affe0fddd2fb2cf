import { randomBytes } from "node:crypto";
import { base58 } from "@scure/base";

export interface Block {
  readonly slot: bigint;
  readonly height: bigint;
  readonly blockhash: string;
  readonly timeMs: number;
}

/** A blockhash may be used while the block height is at most its own height plus this. */
export const MAX_BLOCKHASH_AGE = 150n;
/** The SlotHashes sysvar holds this many parents; older blocks are forgotten. */
export const SLOT_HASHES = 512;

/** The newest blocks, found by slot and by blockhash. */
export interface Blocks {
  newest(): Block;
  /** The block at that slot; the oldest known one when the slot lies before it. */
  atOrOldest(slot: bigint): Block;
  bySlot(slot: bigint): Block | undefined;
  byHash(blockhash: string): Block | undefined;
  push(block: Block): void;
  /** Begins again at a far block: every older one is too old to be asked about. */
  restart(block: Block): void;
  all(): readonly Block[];
}

export function createBlocks(): Blocks {
  const blocks: Block[] = [];
  const byHash = new Map<string, Block>();
  const newest = (): Block => {
    const block = blocks.at(-1);
    if (block === undefined) throw new Error("the chain has no block yet");
    return block;
  };
  // Slots are never skipped, so a slot's place follows from the newest one's.
  const bySlot = (slot: bigint): Block | undefined => {
    const depth = Number(newest().slot - slot);
    return depth < 0 ? undefined : blocks[blocks.length - 1 - depth];
  };
  return {
    newest,
    bySlot,
    atOrOldest: (slot) => bySlot(slot) ?? blocks[0] ?? newest(),
    byHash: (blockhash) => byHash.get(blockhash),
    push(block) {
      const isGap = blocks.length > 0 && block.slot !== newest().slot + 1n;
      if (isGap) throw new Error(`slot ${block.slot} does not follow ${newest().slot}`);
      blocks.push(block);
      byHash.set(block.blockhash, block);
      const dropped = blocks.length > SLOT_HASHES + 1 ? blocks.shift() : undefined;
      if (dropped !== undefined) byHash.delete(dropped.blockhash);
    },
    restart(block) {
      blocks.length = 0;
      byHash.clear();
      blocks.push(block);
      byHash.set(block.blockhash, block);
    },
    all: () => blocks,
  };
}

// Random, so that a chain that lost its last seconds in a crash never gives the same blockhash twice.
export function createBlockhash(): string {
  return base58.encode(randomBytes(32));
}

import type { Address } from "@solana/kit";
import { createBlockhash, createBlocks, MAX_BLOCKHASH_AGE, SLOT_HASHES } from "./blocks.ts";
import type { Block, Blocks } from "./blocks.ts";
import { createHistory } from "./history.ts";
import type { History, LandedTransaction } from "./history.ts";
import { landTransaction } from "./land-transaction.ts";
import type { Landing } from "./land-transaction.ts";
import { createPastAccounts } from "./past-accounts.ts";
import { createSvm } from "./svm.ts";
import type { AccountState, Svm } from "./svm.ts";
import type { WireTransaction } from "./wire-transaction.ts";

export type Commitment = "processed" | "confirmed" | "finalized";

export interface Chain {
  readonly svm: Svm;
  readonly blocks: Blocks;
  readonly history: History;
  readonly finalityDepth: number;
  /** Addresses of every account that was ever written: LiteSVM cannot list them. */
  readonly written: ReadonlySet<Address>;
  slot(): bigint;
  blockHeight(): bigint;
  /** Newest slot with that commitment. */
  slotAt(commitment: Commitment): bigint;
  commitmentOf(slot: bigint): Commitment;
  /** The account as it was in the newest finalized slot; what it is now at any other commitment. */
  readAccount(address: Address, commitment: Commitment): AccountState | null;
  /** Moves many slots at once; each takes the time of one slot. */
  warp(slots: number): void;
  /** One slot by the wall clock. */
  tick(): void;
  /** Makes everything that has landed final, in no time. */
  finalize(): void;
  /** Writes an account as it is, past every rule: for setting a scene. */
  setAccount(address: Address, account: AccountState): void;
  /** Executes and records, or says why it cannot be in a block. */
  land(transaction: WireTransaction): Landing;
  onSlot(listener: () => void): void;
  onTransaction(listener: (landed: LandedTransaction) => void): void;
  /** Grows with every change worth saving; ticks are not, a restart makes up for them by the clock. */
  changes(): number;
}

/** Where a chain begins, or where a snapshot left it. */
export interface ChainStart {
  readonly blocks: readonly Block[];
  readonly accounts: readonly (readonly [Address, AccountState])[];
  readonly transactions: readonly LandedTransaction[];
}

export interface ChainOptions {
  readonly slotMs: number;
  readonly finalityDepth: number;
  readonly start?: ChainStart;
}

export const SLOTS_PER_EPOCH = 432_000n;
/** LiteSVM's own first slot. Unlike the block height it is far from zero, so mixing the two up shows. */
const FIRST_SLOT = 440_208_000n;

export function createChain({ slotMs, finalityDepth, start }: ChainOptions): Chain {
  const svm = createSvm();
  const blocks = createBlocks();
  const history = createHistory();
  const written = new Set<Address>();
  const past = createPastAccounts();
  const slotListeners: (() => void)[] = [];
  const transactionListeners: ((landed: LandedTransaction) => void)[] = [];
  let changes = 0;

  const slot = (): bigint => blocks.newest().slot;
  function slotAt(commitment: Commitment): bigint {
    const depth = commitment === "processed" ? 0 : commitment === "confirmed" ? 1 : finalityDepth;
    return blocks.atOrOldest(slot() - BigInt(depth)).slot;
  }

  function restore({ blocks: earlier, accounts, transactions }: ChainStart): void {
    for (const block of earlier) blocks.push(block);
    for (const landed of transactions) history.add(landed);
    for (const [address, account] of accounts) setAccount(address, account);
  }

  function setAccount(address: Address, account: AccountState): void {
    svm.writeAccount(address, account);
    past.forget(address);
    written.add(address);
    changes += 1;
  }

  function syncClock(): void {
    const { slot, timeMs } = blocks.newest();
    svm.setTime(slot, BigInt(Math.floor(timeMs / 1000)), slot / SLOTS_PER_EPOCH);
    const parents = blocks.all().slice(0, -1).toReversed();
    svm.setSlotHashes(parents.slice(0, SLOT_HASHES).map(({ slot, blockhash }) => ({ slot, hash: blockhash })));
  }

  function advance(slots: number, timeMs: (previous: number) => number): void {
    // Only the newest 512 slots can be asked about, so a long jump creates no more than those.
    const skipped = Math.max(0, slots - SLOT_HASHES - 1);
    if (skipped > 0) jumpBlocks(skipped, timeMs);
    for (let count = skipped; count < slots; count += 1) pushNext(1n, timeMs);
    syncClock();
    const oldest = blocks.newest().slot - MAX_BLOCKHASH_AGE;
    history.forgetMessagesBefore(oldest);
    past.forgetBefore(slotAt("finalized"));
    for (const listener of slotListeners) listener();
  }

  /** The blocks take no time, or the chain's clock would run ahead of the wall's. */
  function finalize(): void {
    advance(finalityDepth, (previous) => previous);
  }

  function pushNext(step: bigint, timeMs: (previous: number) => number): void {
    const { slot, height, timeMs: previous } = blocks.newest();
    blocks.push({ slot: slot + step, height: height + step, blockhash: createBlockhash(), timeMs: timeMs(previous) });
  }

  function jumpBlocks(skipped: number, timeMs: (previous: number) => number): void {
    const { slot, height, timeMs: previous } = blocks.newest();
    const step = BigInt(skipped);
    const elapsed = timeMs(previous) - previous;
    blocks.restart({
      slot: slot + step,
      height: height + step,
      blockhash: createBlockhash(),
      timeMs: previous + elapsed * skipped,
    });
  }

  const isDepthKnown = finalityDepth >= 1 && finalityDepth <= SLOT_HASHES;
  if (!isDepthKnown) throw new Error(`finalityDepth ${finalityDepth} is not 1 to ${SLOT_HASHES}`);
  restore(start ?? createGenesis());
  syncClock();
  // A snapshot knows accounts only as they were last: nothing of it may be younger than what is final.
  if (start !== undefined && slotMs > 0) finalize();
  const missed = slotMs === 0 ? 0 : Math.floor((Date.now() - blocks.newest().timeMs) / slotMs);
  // A chain does not stand still while its server is down: no height is given twice, even after a crash.
  if (missed > 0) advance(missed, (previous) => previous + slotMs);

  const stepMs = slotMs === 0 ? 400 : slotMs;
  const chain: Chain = {
    svm,
    blocks,
    history,
    finalityDepth,
    written,
    slot,
    blockHeight: () => blocks.newest().height,
    slotAt,
    readAccount(address, commitment) {
      const earlier = commitment === "finalized" ? past.at(address, slotAt(commitment)) : undefined;
      return earlier === undefined ? svm.readAccount(address) : earlier;
    },
    commitmentOf(landedAt) {
      const depth = slot() - landedAt;
      if (depth >= BigInt(finalityDepth)) return "finalized";
      return depth >= 1n ? "confirmed" : "processed";
    },
    warp(slots) {
      if (!Number.isSafeInteger(slots) || slots < 1) throw new Error(`cannot move ${slots} slots`);
      advance(slots, (previous) => previous + stepMs);
      changes += 1;
    },
    finalize() {
      finalize();
      changes += 1;
    },
    tick: () => advance(1, (previous) => Math.max(previous + stepMs, Date.now())),
    setAccount,
    land(transaction) {
      const landing = landTransaction({ svm, blocks, history }, transaction);
      if (landing.kind === "refused") return landing;
      history.add(landing.transaction);
      for (const [address, before] of landing.before) past.note({ slot: slot(), address, before });
      for (const address of landing.written) written.add(address);
      for (const address of landing.closed) written.delete(address);
      changes += 1;
      for (const listener of transactionListeners) listener(landing.transaction);
      return landing;
    },
    onSlot: (listener) => void slotListeners.push(listener),
    onTransaction: (listener) => void transactionListeners.push(listener),
    changes: () => changes,
  };
  return chain;
}

function createGenesis(): ChainStart {
  const block = { slot: FIRST_SLOT, height: 0n, blockhash: createBlockhash(), timeMs: Date.now() };
  return { blocks: [block], accounts: [], transactions: [] };
}

/** Whether what landed at that slot has the commitment by now. */
export function isReached(chain: Chain, slot: bigint, commitment: Commitment): boolean {
  const reached = chain.commitmentOf(slot);
  if (commitment === "processed") return true;
  return commitment === "confirmed" ? reached !== "processed" : reached === "finalized";
}

import type { BlockhashView } from "../../src/adapters/chains/rpc/absence.ts";
import type { LandingRecord } from "../../src/adapters/chains/rpc/landing.ts";
import type { TransactionStatus } from "../../src/domain/relay.ts";
import type { Random } from "./random.ts";
import { LIFE_BLOCKS, messageOf, readMessage, transactionIdOf } from "./transactions.ts";

/** Blocks behind the tip. Source: Solana, commitment levels. */
const CONFIRMED_DEPTH = 2;
const FINALIZED_DEPTH = 32;
const START_HEIGHT = 1_000;
/** Beyond that, only the history knows a transaction. Source: Agave, status cache. */
const STATUS_CACHE_BLOCKS = 150;
const MAX_LAG_BLOCKS = 6;
/** A node that has stopped still answers. */
const STALE_BLOCKS = 170;

/** Hides what it knows, also boasts of blocks that are not there yet, invents a landing, or understates heights and fees. */
const LIES = ["hides", "boasts", "invents", "understates"] as const;

/** What becomes of an intent's transaction, whoever sends it. */
export interface Fate {
  /** Blocks of its life for which no leader takes it. */
  readonly waitBlocks: number;
  readonly fee: bigint;
  readonly failsOnChain: boolean;
  readonly failsInSimulation: boolean;
}

export interface ChainTransaction {
  readonly id: string;
  readonly number: number;
  readonly endHeight: number;
  readonly fate: Fate;
  /** Height of the block that it is in; undefined while it is in none. */
  landedAt: number | undefined;
}

interface Scene {
  readonly random: Random;
  readonly nowMs: () => number;
  readonly at: (delayMs: number, act: () => void) => void;
  readonly blockMs: number;
  readonly fateOf: (number: number) => Fate;
  readonly providers: number;
  /** Then nobody is stale any more, and no lie is told that could keep a relay open for ever. */
  readonly isHealed: () => boolean;
  /** The index of the provider that lies; absent: none does. */
  readonly liar: number | undefined;
  /** Of answers that come from a node that has stopped, from 0 to 1. */
  readonly staleRate: number;
  /** Of transactions that are taken back by a fork, from 0 to 1. */
  readonly forkRate: number;
  readonly count: (what: string) => void;
  readonly record: (what: string) => void;
  readonly onLanded: (transaction: ChainTransaction) => void;
}

/** One provider at one moment: how far it is, and whether it tells the truth. */
export interface View {
  readonly height: number;
  readonly lie: (typeof LIES)[number] | undefined;
}

export type ModelChain = ReturnType<typeof createModelChain>;

/** Blocks, forks and the providers that tell of them. */
export function createModelChain(scene: Scene) {
  const { random, at, nowMs, blockMs, count } = scene;
  const startMs = nowMs();
  const honesty = random.pick([0, 0.3, 0.6]);
  const habit = random.pick(LIES);
  const transactions = new Map<string, ChainTransaction>();

  const height = (): number => START_HEIGHT + Math.floor((nowMs() - startMs) / blockMs);
  const afterBlocks = (blocks: number, act: () => void): void => at(blocks * blockMs, act);

  /** A provider as one question finds it: a little behind, with a node that has stopped, or lying. */
  function look(provider = random.below(scene.providers)): View {
    const lag = random.chance(0.5) ? 0 : random.below(MAX_LAG_BLOCKS);
    if (!scene.isHealed() && random.chance(scene.staleRate)) {
      count("a provider is stale");
      return { height: Math.max(START_HEIGHT, height() - STALE_BLOCKS), lie: undefined };
    }
    if (provider !== scene.liar || random.chance(honesty)) return { height: height() - lag, lie: undefined };
    const isLasting = habit === "understates" || !scene.isHealed();
    const lie = isLasting ? habit : "hides";
    count(`a provider ${lie}`);
    return { height: lie === "boasts" ? height() + LIFE_BLOCKS : height(), lie };
  }

  function find(wire: Uint8Array): ChainTransaction {
    const message = messageOf(wire);
    const { number, bornHeight } = readMessage(message);
    const id = transactionIdOf(message);
    const known = transactions.get(id);
    if (known) return known;
    const endHeight = bornHeight + LIFE_BLOCKS;
    const fresh: ChainTransaction = { id, number, endHeight, fate: scene.fateOf(number), landedAt: undefined };
    transactions.set(id, fresh);
    return fresh;
  }

  function send(wire: Uint8Array): void {
    const transaction = find(wire);
    const isDropped = look().lie !== undefined || random.chance(0.1);
    if (isDropped) return count("a send is dropped in silence");
    const untilTaken = transaction.endHeight - LIFE_BLOCKS + transaction.fate.waitBlocks - height();
    afterBlocks(Math.max(1 + random.below(10), untilTaken), () => land(transaction));
  }

  /** Into the newest block; past its life only where a fork still replaces a block of its life. */
  function land(transaction: ChainTransaction): void {
    if (transaction.landedAt !== undefined) return;
    const tip = height();
    const { endHeight } = transaction;
    if (tip > endHeight) {
      const canFork = endHeight > tip - FINALIZED_DEPTH && random.chance(scene.forkRate);
      if (!canFork) return;
      count("a fork lands a transaction whose life had ended");
    }
    transaction.landedAt = Math.min(tip, endHeight);
    scene.record(`${transaction.id} lands at height ${transaction.landedAt}`);
    scene.onLanded(transaction);
    if (random.chance(scene.forkRate)) {
      afterBlocks(random.below(FINALIZED_DEPTH), () => takeBack(transaction));
    }
  }

  function takeBack(transaction: ChainTransaction): void {
    const { landedAt } = transaction;
    if (landedAt === undefined || height() - landedAt >= FINALIZED_DEPTH) return;
    count("a fork takes a transaction back");
    scene.record(`${transaction.id} is taken back`);
    transaction.landedAt = undefined;
    if (random.chance(0.6)) afterBlocks(random.below(FINALIZED_DEPTH), () => land(transaction));
  }

  function depthOf(id: string, view: View): number | undefined {
    const landedAt = transactions.get(id)?.landedAt;
    return landedAt === undefined || landedAt > view.height ? undefined : view.height - landedAt;
  }

  function statusOf(id: string, view: View, withHistory: boolean): TransactionStatus | undefined {
    const slot = slotOf(view.height);
    if (view.lie === "invents") {
      return { commitment: random.pick(["processed", "confirmed", "finalized"] as const), slot };
    }
    const depth = view.lie === undefined || view.lie === "understates" ? depthOf(id, view) : undefined;
    if (depth === undefined || (depth > STATUS_CACHE_BLOCKS && !withHistory)) return undefined;
    if (depth >= FINALIZED_DEPTH) return { commitment: "finalized", slot };
    return { commitment: depth >= CONFIRMED_DEPTH ? "confirmed" : "processed", slot };
  }

  /** The record of a finalized transaction; who lies has none, another one, or makes one up. */
  function recordOf(id: string, view: View): LandingRecord | undefined {
    if (view.lie === "invents") return { slot: slotOf(view.height), error: null, fee: 0n, feePayerLoss: 0n };
    const depth = depthOf(id, view);
    const transaction = transactions.get(id);
    if (!transaction || depth === undefined || depth < FINALIZED_DEPTH || view.lie === "hides") return undefined;
    const { failsOnChain } = transaction.fate;
    const fee = view.lie === undefined ? transaction.fate.fee : 0n;
    const error = failsOnChain ? { InstructionError: [0, { Custom: 1 }] } : null;
    return { slot: slotOf(view.height - depth), error, fee, feePayerLoss: fee };
  }

  /** What two of a provider's banks say of a blockhash. */
  function blockhashOf(bornHeight: number, finalized: View, newest: View): BlockhashView {
    const isKnown = (height: number): boolean => bornHeight <= height && height <= bornHeight + LIFE_BLOCKS;
    const finalizedHeight = finalized.height - FINALIZED_DEPTH;
    const isValid = !newest.lie && (isKnown(finalizedHeight) || isKnown(newest.height));
    return { isValid, finalizedSlot: slotOf(finalizedHeight), newestSlot: slotOf(newest.height) };
  }

  /** Why a node would not run it now, in Agave's words; null when it would. */
  function simulationError(message: Uint8Array, view: View): unknown {
    const { number, bornHeight } = readMessage(message);
    if (bornHeight > view.height || view.height > bornHeight + LIFE_BLOCKS) return "BlockhashNotFound";
    if (depthOf(transactionIdOf(message), view) !== undefined && !view.lie) return "AlreadyProcessed";
    const { failsInSimulation } = scene.fateOf(number);
    return failsInSimulation && !view.lie ? { InstructionError: [0, "InvalidArgument"] } : null;
  }

  return {
    transactions: transactions as ReadonlyMap<string, Readonly<ChainTransaction>>,
    providers: scene.providers,
    height,
    look,
    send,
    statusOf,
    recordOf,
    blockhashOf,
    simulationError,
    /** The height that it tells with a simulation. */
    toldHeight: ({ height, lie }: View) =>
      BigInt(lie === "hides" || lie === "understates" ? Math.max(0, height - 2 * LIFE_BLOCKS) : height),
    /** The newest block that it calls finalized. */
    tip({ height, lie }: View) {
      const finalized = height - (lie === "boasts" ? random.below(LIFE_BLOCKS) : FINALIZED_DEPTH);
      return { slot: slotOf(finalized), blockHeight: BigInt(finalized) };
    },
  };
}

/** Some slots have no block. */
export function slotOf(height: number): bigint {
  return BigInt(height + Math.floor(height / 16) + 5_000);
}

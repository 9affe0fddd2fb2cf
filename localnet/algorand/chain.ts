import { createBlock, createBlocks, KEPT_ROUNDS } from "./blocks.ts";
import type { Blocks, Landed, LedgerBlock } from "./blocks.ts";
import { checkGroup } from "./check-group.ts";
import type { CheckFailure } from "./check-group.ts";
import { createDispensary } from "./dispensary.ts";
import type { AssetOptions } from "./dispensary.ts";
import { evaluateGroup } from "./evaluate-group.ts";
import type { Effects, Evaluation, Surroundings } from "./evaluate-group.ts";
import type { Dispenser, Genesis } from "./genesis.ts";
import { openDraft, readAccount } from "./ledger-state.ts";
import type { State } from "./ledger-state.ts";
import type { SendFate } from "./faults.ts";
import type { WireTransaction } from "./wire-transaction.ts";

/** What the node knows of a transaction: on its way, landed, or fallen out of the pool. */
export interface Trace {
  readonly wire: WireTransaction;
  /** Null until it is in a block. */
  readonly landed: Landed | null;
  /** Why it fell out of the pool; empty while it may still land. */
  readonly poolError: string;
}

export interface Chain {
  readonly genesis: Genesis;
  readonly dispenser: Dispenser;
  readonly minFee: bigint;
  readonly blocks: Blocks;
  /** As of the newest block. */
  readonly state: State;
  readonly round: bigint;
  /** One round: what is in the pool lands, and is final. */
  tick(): void;
  /** Many rounds, each of which takes the time of one. */
  warp(rounds: number): void;
  balanceOf(address: string): bigint;
  /** Money from the dispenser, landed when it returns: takes a round. Gives the transaction's id. */
  fund(address: string, microAlgos: bigint): string;
  /** An asset of the dispenser's, which has every role; takes a round. Gives its number. */
  createAsset(options: AssetOptions): bigint;
  /** From the dispenser to who has opted in; takes a round. */
  giveAsset(assetId: bigint, address: string, amount: bigint): void;
  /** Null when it is accepted, and lands in the next round; else algod's message. */
  submit(group: readonly WireTransaction[], fate?: SendFate): string | null;
  /** Lands what was kept back, or what of it still can. */
  releaseKept(): void;
  check(group: readonly WireTransaction[], isSignatureOptional: boolean): CheckFailure | null;
  /** As the next round would see the group, after what is in the latest block. */
  evaluate(group: readonly WireTransaction[]): Evaluation;
  find(transactionId: string): Trace | undefined;
  /** What waits for a block. */
  pending(): readonly WireTransaction[];
  /** Groups of it, for the snapshot. */
  pendingGroups(): readonly (readonly WireTransaction[])[];
  /** Returns what takes the listener away. */
  onRound(listener: () => void): () => void;
  /** Grows with every change worth saving; ticks are not, a restart makes up for them by the clock. */
  changes(): number;
}

/** Where a snapshot left a chain. */
export interface ChainStart {
  readonly state: State;
  readonly blocks: readonly LedgerBlock[];
  readonly pending: readonly (readonly WireTransaction[])[];
}

export interface ChainOptions {
  readonly genesis: Genesis;
  readonly minFee: bigint;
  readonly roundMs: number;
  readonly start: ChainStart;
}

interface Accepted {
  readonly group: readonly WireTransaction[];
  readonly effects: readonly Effects[];
}

const MAX_KEPT_GROUPS = 10_000;
/** The pace of the main network, for chains that only `warp` moves. */
const DEFAULT_ROUND_MS = 2800;

export function createChain({ genesis, minFee, roundMs, start }: ChainOptions): Chain {
  const { state } = start;
  const blocks = createBlocks();
  for (const block of start.blocks) blocks.push(block);
  const listeners = new Set<() => void>();
  const poolErrors = new Map<string, Trace>();
  let next = openDraft(state);
  let pool: Accepted[] = [];
  let kept: (readonly WireTransaction[])[] = [];
  let changes = 0;

  const round = (): bigint => blocks.newest().round;
  const surroundings = (): Surroundings => ({
    round: round() + 1n,
    genesisId: genesis.id,
    genesisHash: genesis.hash,
    feeSink: genesis.feeSink,
  });
  const check = (group: readonly WireTransaction[], isSignatureOptional: boolean): CheckFailure | null =>
    checkGroup(group, { minFee, isSignatureOptional });

  function submit(group: readonly WireTransaction[], fate: SendFate = "land"): string | null {
    const failure = check(group, false);
    if (failure !== null) return failure.message;
    const again = group.find(({ id }) => kept.some((other) => other.some((wire) => wire.id === id)));
    if (again !== undefined) return `TransactionPool.Remember: transaction already in ledger: ${again.id}`;
    const evaluation = evaluateGroup(next, group, surroundings());
    if (evaluation.kind === "refused") return `TransactionPool.Remember: ${evaluation.message}`;
    changes += 1;
    if (fate === "land") {
      evaluation.draft.commit();
      pool.push({ group, effects: evaluation.effects });
    } else if (fate === "keep" && kept.length < MAX_KEPT_GROUPS) kept.push(group);
    return null;
  }

  function releaseKept(): void {
    const groups = kept;
    kept = [];
    for (const group of groups) submitOrGiveUp(group);
  }

  function submitOrGiveUp(group: readonly WireTransaction[]): void {
    const refusal = submit(group);
    if (refusal !== null) giveUp(group, refusal);
  }

  function giveUp(group: readonly WireTransaction[], poolError: string): void {
    for (const wire of group) poolErrors.set(wire.id, { wire, landed: null, poolError });
  }

  function dropExpired(): void {
    const at = round() + 1n;
    const isDead = ({ transaction }: WireTransaction): boolean => transaction.lastValid < at;
    for (const group of kept) {
      const dead = group.find(isDead);
      if (dead === undefined) continue;
      const { firstValid, lastValid } = dead.transaction;
      giveUp(group, `txn dead: round ${at} outside of ${firstValid}--${lastValid}`);
    }
    kept = kept.filter((group) => !group.some(isDead));
    for (const table of [state.transactions, state.leases]) {
      for (const [key, until] of table.written()) if (until !== undefined && until < at) table.set(key, undefined);
    }
    for (const [id, { wire }] of poolErrors) {
      if (wire.transaction.lastValid + BigInt(KEPT_ROUNDS) < at) poolErrors.delete(id);
    }
  }

  function pushBlock(step: bigint, timeMs: number): void {
    const newest = blocks.newest();
    const landing = newest.round + step;
    const transactions = pool.flatMap(({ group, effects }) =>
      group.flatMap((wire, index) => {
        const own = effects[index];
        return own === undefined ? [] : [{ wire, round: landing, effects: own }];
      }),
    );
    // What has landed must not be saved as still waiting.
    if (transactions.length > 0) changes += 1;
    next.commit();
    next = openDraft(state);
    pool = [];
    blocks.push(
      createBlock(genesis, {
        round: landing,
        timeMs,
        transactions,
        transactionCount: state.transactionCount,
        previousHash: newest.hash,
      }),
    );
  }

  function advance(rounds: number, timeMs: (previous: number) => number): void {
    const isPoolEmpty = pool.length === 0;
    if (!isPoolEmpty) pushBlock(1n, timeMs(blocks.newest().timeMs));
    const left = isPoolEmpty ? rounds : rounds - 1;
    // Only the newest rounds can be asked about, so a long jump makes no more blocks than those.
    const skipped = Math.max(0, left - KEPT_ROUNDS);
    const { timeMs: before } = blocks.newest();
    if (skipped > 0) pushBlock(BigInt(skipped), before + (timeMs(before) - before) * skipped);
    for (let count = skipped; count < left; count += 1) pushBlock(1n, timeMs(blocks.newest().timeMs));
    dropExpired();
    for (const listener of listeners) listener();
  }

  const stepMs = roundMs === 0 ? DEFAULT_ROUND_MS : roundMs;
  const tick = (): void => advance(1, (previous) => Math.max(previous + stepMs, Date.now()));
  const missed = roundMs === 0 ? 0 : Math.floor((Date.now() - blocks.newest().timeMs) / roundMs);
  for (const group of start.pending) submitOrGiveUp(group);
  // A chain does not stand still while its server is down: no round is given twice, even after a crash.
  if (missed > 0) advance(missed, (previous) => previous + roundMs);

  const chain: Chain = {
    genesis,
    dispenser: genesis.dispenser,
    minFee,
    blocks,
    state,
    get round() {
      return round();
    },
    tick,
    warp(rounds) {
      if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error(`cannot move ${rounds} rounds`);
      advance(rounds, (previous) => previous + stepMs);
      changes += 1;
    },
    balanceOf: (address) => readAccount(state, address).microAlgos,
    ...createDispensary({
      genesis,
      minFee,
      round,
      land(wire) {
        const refusal = submit([wire]);
        if (refusal !== null) throw new Error(`the dispenser's transaction was refused: ${refusal}`);
        tick();
        return blocks.findLanded(wire.id);
      },
    }),
    submit,
    releaseKept,
    check,
    evaluate: (group) => evaluateGroup(state, group, surroundings()),
    find(id) {
      const landed = blocks.findLanded(id);
      const evicted = poolErrors.get(id);
      // As algod: what fell out of the pool once is known as that, even if it landed later, as soon as its rounds are over.
      const isForgotten = evicted !== undefined && evicted.wire.transaction.lastValid < round();
      if (landed !== undefined && !isForgotten) return { wire: landed.wire, landed, poolError: "" };
      const wire = chain.pending().find((waiting) => waiting.id === id);
      return wire === undefined ? evicted : { wire, landed: null, poolError: "" };
    },
    pending: () => chain.pendingGroups().flat(),
    pendingGroups: () => [...pool.map(({ group }) => group), ...kept],
    onRound(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    changes: () => changes,
  };
  return chain;
}

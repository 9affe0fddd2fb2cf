import type { Address } from "@solana/kit";
import type { TransactionErrorJson } from "./transaction-errors.ts";
import type { Json } from "./json.ts";

export interface TransactionDetails {
  readonly wire: Uint8Array;
  /** Static keys, then writable, then read-only keys from lookup tables. */
  readonly keys: readonly Address[];
  /** Agave's `meta`, without what depends on the encoding asked for. */
  readonly meta: { readonly [name: string]: Json };
}

export interface LandedTransaction {
  readonly signature: string;
  readonly slot: bigint;
  readonly timeMs: number;
  readonly error: TransactionErrorJson | null;
  readonly messageHash: string;
  /** Null when the transaction is so old that only its status is kept. */
  readonly details: TransactionDetails | null;
}

/** Caps that keep memory bounded: details are a few kilobytes each; statuses are small, and trimmed in bulk at twice the cap. */
const MAX_STATUSES = 100_000;
const MAX_DETAILS = 20_000;

/** What landed, oldest first. */
export interface History {
  count(): number;
  get(signature: string): LandedTransaction | undefined;
  hasMessage(messageHash: string): boolean;
  add(transaction: LandedTransaction): void;
  /** Messages older than a blockhash can be need no duplicate check any more. */
  forgetMessagesBefore(slot: bigint): void;
  newestFirst(): Generator<LandedTransaction>;
}

export function createHistory(): History {
  const bySignature = new Map<string, LandedTransaction>();
  const messageSlots = new Map<string, bigint>();
  // Signatures in landing order; a cursor instead of shift() keeps appending cheap.
  let order: string[] = [];
  let detailsFrom = 0;
  let total = 0;

  function trim(): void {
    if (order.length - detailsFrom > MAX_DETAILS) {
      const signature = order[detailsFrom];
      const old = signature === undefined ? undefined : bySignature.get(signature);
      if (old !== undefined) bySignature.set(old.signature, { ...old, details: null });
      detailsFrom += 1;
    }
    if (order.length < MAX_STATUSES * 2) return;
    const dropped = order.length - MAX_STATUSES;
    for (const signature of order.slice(0, dropped)) bySignature.delete(signature);
    order = order.slice(dropped);
    detailsFrom = Math.max(0, detailsFrom - dropped);
  }

  return {
    count: () => total,
    get: (signature) => bySignature.get(signature),
    hasMessage: (messageHash) => messageSlots.has(messageHash),
    add(transaction) {
      if (!bySignature.has(transaction.signature)) order.push(transaction.signature);
      bySignature.set(transaction.signature, transaction);
      messageSlots.set(transaction.messageHash, transaction.slot);
      total += 1;
      trim();
    },
    forgetMessagesBefore(slot) {
      for (const [messageHash, landedAt] of messageSlots) {
        if (landedAt >= slot) return;
        messageSlots.delete(messageHash);
      }
    },
    *newestFirst() {
      for (let index = order.length - 1; index >= 0; index -= 1) {
        const landed = bySignature.get(order[index] ?? "");
        if (landed !== undefined) yield landed;
      }
    },
  };
}

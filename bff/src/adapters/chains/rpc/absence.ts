import type { MortalTransaction, TransactionStatus } from "../../../domain/relay.ts";
import type { Testimony } from "./rpc-pool.ts";

/** A minute of slots: a finalized bank that is further behind the newest one tells nothing of it. */
export const MAX_LAG_SLOTS = 150n;

/**
 * Whose finalized tip is further behind the newest one may not have seen a blockhash that is as old as the youngest relay
 * that is asked about: to it "too old" and "not yet known" look the same.
 */
const MAX_WITNESS_LAG_SLOTS = 16n;

/** What one provider says of a blockhash, from its finalized bank and from its newest one. */
export interface BlockhashView {
  /** Either of them would still take it. */
  readonly isValid: boolean;
  readonly finalizedSlot: bigint;
  readonly newestSlot: bigint;
}

/** What one provider says of all of them, in the order of the question. */
export interface ChainView {
  /** Its newest finalized block. */
  readonly tip: { readonly slot: bigint; readonly blockHeight: bigint };
  /** How far it was when it looked for the transactions. */
  readonly slot: bigint;
  readonly statuses: readonly (TransactionStatus | undefined)[];
  /** Undefined where it was not asked. */
  readonly blockhashes: readonly (BlockhashView | undefined)[];
}

export interface AbsenceVerdict {
  readonly absent: ReadonlySet<string>;
  readonly found: ReadonlyMap<string, TransactionStatus>;
  /** Providers that did not know what others saw finalized, though they were past it. */
  readonly deniers: ReadonlySet<string>;
}

const COMMITMENTS = ["processed", "confirmed", "finalized"] as const;
const rankOf = ({ commitment }: TransactionStatus): number => COMMITMENTS.indexOf(commitment);
const maxOf = (slots: readonly bigint[]): bigint => slots.reduce((most, slot) => (slot > most ? slot : most), 0n);

/**
 * The provider knows the blockhash no more, rather than not yet: what its newest bank has seen and finds too old, a
 * finalized bank that is at most as many slots behind has seen as well.
 */
function isTooOld({ isValid, finalizedSlot, newestSlot }: BlockhashView): boolean {
  return !isValid && newestSlot - finalizedSlot <= MAX_LAG_SLOTS;
}

/**
 * One that has seen a transaction is enough to find it. It is absent only when everybody whose word there is, and at
 * least one, is past its end, knows its blockhash no more, and does not know it. Who denies what has landed is known by
 * two that saw it finalized; where only two are configured, by one.
 */
export function judgeAbsence(
  transactions: readonly Pick<MortalTransaction, "transactionId" | "lifetimeEnd">[],
  testimonies: readonly Testimony<ChainView>[],
  configured: number,
): AbsenceVerdict {
  const absent = new Set<string>();
  const found = new Map<string, TransactionStatus>();
  const deniers = new Set<string>();
  const newestTip = maxOf(testimonies.flatMap(({ isTrusted, value }) => (isTrusted ? [value.tip.slot] : [])));
  const witnessesNeeded = configured === 2 ? 1 : 2;
  for (const [index, { transactionId, lifetimeEnd }] of transactions.entries()) {
    const seen = testimonies.flatMap(({ isTrusted, value }) => {
      const status = value.statuses[index];
      return status ? [{ isTrusted, status }] : [];
    });
    const [best] = seen.toSorted((one, other) => rankOf(other.status) - rankOf(one.status));
    if (best) found.set(transactionId, best.status);
    const isPast = ({ tip, slot, blockhashes }: ChainView): boolean => {
      const blockhash = blockhashes[index];
      const isCurrent = tip.slot + MAX_WITNESS_LAG_SLOTS >= newestTip;
      const isOver = tip.blockHeight > lifetimeEnd && blockhash !== undefined && isTooOld(blockhash);
      return isCurrent && isOver && slot >= tip.slot && slot >= blockhash.finalizedSlot;
    };
    if (!best && testimonies.length > 0 && testimonies.every(({ value }) => isPast(value))) absent.add(transactionId);

    const landings = seen.flatMap(({ isTrusted, status }) =>
      isTrusted && status.commitment === "finalized" ? [status.slot] : [],
    );
    if (landings.length < witnessesNeeded) continue;
    const landedAt = maxOf(landings);
    for (const { provider, value } of testimonies) {
      const isPastLanding = value.tip.slot >= landedAt && value.slot >= landedAt;
      if (!value.statuses[index] && isPastLanding) deniers.add(provider);
    }
  }
  return { absent, found, deniers };
}

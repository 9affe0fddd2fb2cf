import type { RelayState } from "../contract/relays.ts";
import type { TransactionNames } from "./chain-transaction.ts";
import type { NetworkName } from "./network.ts";
import type { Refusal } from "./refusal.ts";

export type { RelayState } from "../contract/relays.ts";

/** The record of one sponsored transaction. Amounts in base units. */
export interface RelayRecord {
  readonly id: string;
  readonly network: NetworkName;
  readonly state: RelayState;
  /** Null until the sponsor has signed. */
  readonly names: TransactionNames | null;
  readonly quotedFee: bigint;
  readonly quotedRent: bigint;
  readonly chargedFee: bigint | null;
  readonly chargedRent: bigint | null;
  readonly failure: RelayFailure | null;
  readonly slot: bigint | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type RelayFailure = Pick<Refusal, "detail" | "context"> & { readonly code: string };

/** A relay that this process has leased to look after. */
export interface ClaimedRelay {
  readonly id: string;
  readonly state: RelayState;
  readonly transaction: Uint8Array;
  readonly transactionId: string | null;
  readonly lifetimeEnd: bigint | null;
  readonly quotedFee: bigint;
  readonly quotedRent: bigint;
  readonly checks: number;
}

/** A transaction that can land until the end of its life. */
export interface MortalTransaction {
  readonly transactionId: string;
  readonly wire: Uint8Array;
  /** A height or a round; where one provider told it, too low a one proves nothing by itself. */
  readonly lifetimeEnd: bigint;
}

/** What the chain says of a transaction. */
export interface TransactionStatus {
  readonly commitment: "processed" | "confirmed" | "finalized";
  readonly slot: bigint;
}

/** A finalized transaction and what it took from its fee payer, in base units. */
export interface LandedTransaction {
  readonly slot: bigint;
  readonly error: unknown;
  readonly fee: bigint;
  readonly feePayerLoss: bigint;
  /** Two providers tell the same record, or there is only one provider. */
  readonly isAgreed: boolean;
}

/** Everything one look at the chain found of one relay. */
export interface Observation {
  readonly status: TransactionStatus | undefined;
  /** Asked for once the status is finalized. */
  readonly landed: LandedTransaction | undefined;
  /** A node past the end of the transaction's life does not know it, with its whole history. */
  readonly isProvenExpired: boolean;
  readonly wasSent: boolean;
}

/** What is written of a relay after a look; amounts are decimal strings so that they survive JSON. */
export interface RelayChange {
  readonly id: string;
  readonly state: RelayState;
  readonly slot?: string;
  readonly chargedFee?: string;
  readonly chargedRent?: string;
  readonly failure?: RelayFailure;
  readonly checkAfterMs: number;
}

/** True when a relay has cost more than was quoted, and so more than was held: whoever is on call must see this. */
export function isOvercharged(
  { quotedFee, quotedRent }: ClaimedRelay,
  { chargedFee, chargedRent }: RelayChange,
): boolean {
  return BigInt(chargedFee ?? 0) > quotedFee || BigInt(chargedRent ?? 0) > quotedRent;
}

const FINAL_STATES: ReadonlySet<RelayState> = new Set(["finalized", "rejected", "failed", "expired"]);
/** While somebody may be waiting, and for as long as a blockhash lives, a relay is looked at about each second. */
const SOON_MS = 900;
const SOON_CHECKS = 80;
const LATER_MS = 5_000;
/** For so many looks, about a minute, a record that one provider tells waits for another one to tell the same. */
const CHECKS_FOR_AGREEMENT = 60;

export function isFinal(state: RelayState): boolean {
  return FINAL_STATES.has(state);
}

/** The worst that it can have cost: what is ambiguous is charged until it is disproved. */
function asQuoted({ quotedFee, quotedRent }: ClaimedRelay, landed: LandedTransaction): LandedTransaction {
  return { ...landed, fee: quotedFee, feePayerLoss: quotedFee + quotedRent };
}

function settled(relay: ClaimedRelay, landed: LandedTransaction): RelayChange {
  const rent = landed.feePayerLoss > landed.fee ? landed.feePayerLoss - landed.fee : 0n;
  return {
    id: relay.id,
    state: landed.error === null ? "finalized" : "failed",
    slot: landed.slot.toString(),
    chargedFee: landed.fee.toString(),
    chargedRent: rent.toString(),
    ...(landed.error !== null && {
      failure: {
        code: "transaction.execution_failed",
        detail: "The transaction landed and failed on the chain. Its fee was paid by the sponsor.",
        context: { error: landed.error },
      },
    }),
    checkAfterMs: 0,
  };
}

/**
 * The step after a look: forward with the chain, back only from a fork, to `expired` only with proof, and by the record
 * of a single voice among several only after a minute and for the whole quote. Without an observation, because the
 * chain could not be asked, the relay stays what it is.
 */
export function nextStep(relay: ClaimedRelay, seen: Observation | undefined): RelayChange {
  const later = { id: relay.id, checkAfterMs: relay.checks < SOON_CHECKS ? SOON_MS : LATER_MS };
  if (relay.state === "received") {
    return {
      id: relay.id,
      state: "rejected",
      chargedFee: "0",
      chargedRent: "0",
      failure: {
        code: "internal.unexpected",
        detail: "The request ended before the sponsor had signed. Nothing was spent: send it again.",
      },
      checkAfterMs: 0,
    };
  }
  if (!seen) return { ...later, state: relay.state };
  if (seen.landed) {
    if (seen.landed.isAgreed) return settled(relay, seen.landed);
    if (relay.checks >= CHECKS_FOR_AGREEMENT) return settled(relay, asQuoted(relay, seen.landed));
    return { ...later, slot: seen.landed.slot.toString(), state: "confirmed" };
  }
  if (seen.isProvenExpired) {
    return {
      id: relay.id,
      state: "expired",
      chargedFee: "0",
      chargedRent: "0",
      failure: {
        code: "transaction.expired",
        detail: "The transaction did not land within its lifetime, and never can. Nothing was spent.",
      },
      checkAfterMs: 0,
    };
  }
  if (!seen.status) {
    const isSent = seen.wasSent || relay.state !== "signed";
    return { ...later, state: isSent ? "submitted" : "signed" };
  }
  const slot = seen.status.slot.toString();
  return { ...later, slot, state: seen.status.commitment === "processed" ? "submitted" : "confirmed" };
}

import type { RelayChange, RelayRecord, RelayState } from "../../src/domain/relay.ts";
import type { StorePort } from "../../src/ports.ts";
import type { ReservationOutcome } from "../../src/domain/reservation.ts";
import type { Hold } from "./model-ledger.ts";
import { NETWORK } from "./model-project.ts";

export type Reservation = Parameters<StorePort["reserveRelay"]>[0];
export type SignedRelay = Parameters<StorePort["markSigned"]>[0];

export interface RelayRow {
  readonly id: string;
  readonly userId: string;
  readonly idempotencyKey: string;
  readonly messageHash: string;
  readonly quotedFee: bigint;
  readonly quotedRent: bigint;
  readonly createdAtMs: number;
  readonly holds: readonly Hold[];
  readonly allotments: readonly string[];
  state: RelayState;
  transaction: Uint8Array;
  transactionId: string | null;
  lifetimeEnd: bigint | null;
  chargedFee: bigint | null;
  chargedRent: bigint | null;
  failure: RelayChange["failure"] | null;
  slot: bigint | null;
  checks: number;
  nextCheckAtMs: number;
  leaseToken: string | null;
  leaseUntilMs: number | null;
  signedAtMs: number | null;
  updatedAtMs: number;
}

export interface KeyRow {
  readonly fingerprint: string;
  readonly relayId: string;
  refusal?: Extract<ReservationOutcome, { outcome: "replay" }>["refusal"];
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

/** A reservation, as it is written. */
export function newRow(wanted: Reservation, holds: readonly Hold[], nowMs: number, leaseUntilMs: number): RelayRow {
  return {
    id: wanted.relayId,
    userId: wanted.userId,
    idempotencyKey: wanted.idempotencyKey,
    messageHash: textOf(wanted.messageHash),
    quotedFee: wanted.fee,
    quotedRent: wanted.rent,
    createdAtMs: nowMs,
    holds,
    allotments: wanted.allotments,
    state: "received",
    transaction: wanted.transaction,
    transactionId: null,
    lifetimeEnd: null,
    chargedFee: null,
    chargedRent: null,
    failure: null,
    slot: null,
    checks: 0,
    nextCheckAtMs: leaseUntilMs,
    leaseToken: wanted.leaseToken,
    leaseUntilMs,
    signedAtMs: null,
    updatedAtMs: nowMs,
  };
}

/** What a reader of the relay is given. */
export function toRecord(relay: RelayRow): RelayRecord {
  const { createdAtMs, updatedAtMs, transactionId } = relay;
  return {
    id: relay.id,
    network: NETWORK,
    state: relay.state,
    names: transactionId === null ? null : { transactionId, group: null },
    quotedFee: relay.quotedFee,
    quotedRent: relay.quotedRent,
    chargedFee: relay.chargedFee,
    chargedRent: relay.chargedRent,
    failure: relay.failure ?? null,
    slot: relay.slot,
    createdAt: new Date(createdAtMs),
    updatedAt: new Date(updatedAtMs),
  };
}

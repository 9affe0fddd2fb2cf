import { type Refusal, refuse } from "../../src/domain/refusal.ts";
import { type ClaimedRelay, isFinal, type RelayChange, type RelayState } from "../../src/domain/relay.ts";
import { failure, type Result, success } from "../../src/domain/result.ts";
import type { ReservationOutcome, StoreRefusal } from "../../src/domain/reservation.ts";
import { createModelLedger, type Limit } from "./model-ledger.ts";
import type { ProjectState } from "./model-project.ts";
import type { Random } from "./random.ts";
import {
  type KeyRow,
  newRow,
  type RelayRow,
  type Reservation,
  type SignedRelay,
  textOf,
  toRecord,
} from "./relay-row.ts";

/** A request has this long to sign what it reserved. */
export const RESERVATION_MS = 20_000;
const CLAIM_MS = 15_000;
const FIRST_CHECK_MS = 1_000;
/** Who ends like this has given nothing. */
const GIVES_BACK = new Set<RelayState>(["rejected", "expired"]);

/** What a naive order leaves out. */
export interface StoreRules {
  readonly checksLimits: boolean;
  readonly checksAllotments: boolean;
  readonly checksLease: boolean;
}

/** What the statements are checked against besides the rows. */
interface Scene {
  readonly nowMs: () => number;
  readonly random: Random;
  readonly rules: StoreRules;
  readonly limits: readonly Limit[];
  readonly project: Readonly<ProjectState>;
  readonly onChange: () => void;
  /** A sweeper has written down that the relay goes on. */
  readonly onLooked: (relayId: string) => void;
}

export type ModelStore = ReturnType<typeof createModelStore>;

/** The functions of db/migrations as one atomic step each, over maps. Amounts in base units, times by its own clock. */
export function createModelStore({ nowMs, random, rules, limits, project, onChange, onLooked }: Scene) {
  const relays = new Map<string, RelayRow>();
  const keys = new Map<string, KeyRow>();
  const ledger = createModelLedger(limits, rules.checksLimits);

  function refused(refusal: Refusal): Result<never, StoreRefusal> {
    return failure({ kind: "refused", refusal });
  }

  function keyOf({ userId, idempotencyKey }: Pick<RelayRow, "userId" | "idempotencyKey">): string {
    return `${userId} ${idempotencyKey}`;
  }

  function heldBy(relayId: string, leaseToken: string): RelayRow | undefined {
    const relay = relays.get(relayId);
    return relay?.state === "received" && relay.leaseToken === leaseToken ? relay : undefined;
  }

  function end(relay: RelayRow, state: RelayState, chargedFee: bigint, chargedRent: bigint): void {
    Object.assign(relay, { state, chargedFee, chargedRent, leaseToken: null, leaseUntilMs: null });
    relay.updatedAtMs = nowMs();
    ledger.settle(relay.holds, state === "finalized" || state === "failed" ? { chargedFee, chargedRent } : undefined);
    onChange();
  }

  function reserve(wanted: Reservation): Result<ReservationOutcome, StoreRefusal> {
    const fingerprint = textOf(wanted.fingerprint);
    const messageHash = textOf(wanted.messageHash);
    const key = keys.get(keyOf(wanted));
    const known = key && relays.get(key.relayId);
    if (key && known) {
      if (key.fingerprint !== fingerprint) return refused(refuse("idempotency.key_reused", "another body"));
      if (known.state !== "received") {
        return success({ outcome: "replay", relayId: known.id, ...(key.refusal && { refusal: key.refusal }) });
      }
      return (known.leaseUntilMs ?? 0) > nowMs()
        ? refused(refuse("idempotency.in_progress", "still running"))
        : success({ outcome: "abandoned", relayId: known.id });
    }
    if (wanted.revision !== project.revision || wanted.policyVersion !== project.policyVersion) {
      return failure({ kind: "stale" });
    }
    const denied = deniedAmong(wanted.accounts);
    if (denied) return refused(denied);
    for (const relay of relays.values()) {
      if (relay.messageHash !== messageHash || relay.state === "rejected") continue;
      const context = relay.userId === wanted.userId ? { relayId: relay.id } : {};
      return refused(refuse("transaction.already_relayed", "accepted before", context));
    }
    const given = rules.checksAllotments ? givenAmong(wanted) : undefined;
    if (given !== undefined) {
      return refused(refuse("policy.rent_not_sponsored", "given before", { allotment: given }));
    }
    const holds = ledger.hold(wanted.userId, wanted.policyVersion, wanted.fee, wanted.rent, nowMs());
    if (!holds.ok) return refused(holds.reason);
    relays.set(wanted.relayId, newRow(wanted, holds.value, nowMs(), nowMs() + RESERVATION_MS));
    keys.set(keyOf(wanted), { fingerprint, relayId: wanted.relayId });
    onChange();
    return success({ outcome: "reserved", createdAt: new Date(nowMs()) });
  }

  /** The first of these that the user has been given, or is about to be. */
  function givenAmong({ userId, allotments }: Pick<Reservation, "userId" | "allotments">): string | undefined {
    const own = [...relays.values()].filter((relay) => relay.userId === userId && !GIVES_BACK.has(relay.state));
    return allotments.find((item) => own.some((relay) => relay.allotments.includes(item)));
  }

  function findKey(userId: string, idempotencyKey: string, fingerprint: Uint8Array) {
    const key = keys.get(keyOf({ userId, idempotencyKey }));
    const relay = key && relays.get(key.relayId);
    if (!key || !relay) return undefined;
    if (key.fingerprint !== textOf(fingerprint)) return { outcome: "reused" as const };
    if (relay.state === "received") {
      return (relay.leaseUntilMs ?? 0) > nowMs() ? { outcome: "running" as const } : undefined;
    }
    return { outcome: "replay" as const, relayId: relay.id, ...(key.refusal && { refusal: key.refusal }) };
  }

  function markSigned(signed: SignedRelay): Result<Date | undefined, StoreRefusal> {
    const held = heldBy(signed.relayId, signed.leaseToken);
    const isOurs = held !== undefined && (held.leaseUntilMs ?? 0) > nowMs();
    const relay = rules.checksLease ? held : relays.get(signed.relayId);
    if (!relay || (rules.checksLease && !isOurs)) return success(undefined);
    const denied = deniedAmong(signed.accounts);
    if (denied) return refused(denied);
    sign(relay, signed.transaction.wire, signed.transaction.transactionId, signed.lifetimeEnd);
    return success(new Date(nowMs()));
  }

  function deniedAmong(accounts: readonly string[]): Refusal | undefined {
    const { denied } = project;
    if (denied === undefined || !accounts.includes(denied)) return undefined;
    return refuse("policy.account_denied", "on the denylist", { address: denied });
  }

  function sign(relay: RelayRow, transaction: Uint8Array, transactionId: string, lifetimeEnd: bigint): void {
    Object.assign(relay, { state: "signed", transaction, transactionId, lifetimeEnd });
    Object.assign(relay, { leaseToken: null, leaseUntilMs: null, signedAtMs: nowMs(), updatedAtMs: nowMs() });
    relay.nextCheckAtMs = nowMs() + FIRST_CHECK_MS;
    onChange();
  }

  function markSubmitted(relayId: string): void {
    const relay = relays.get(relayId);
    if (relay?.state === "signed") relay.state = "submitted";
  }

  function reject(
    relayId: string,
    leaseToken: string,
    why: RelayChange["failure"],
    refusal: KeyRow["refusal"],
  ): boolean {
    const relay = heldBy(relayId, leaseToken);
    if (!relay) return false;
    relay.failure = why ?? null;
    const key = keys.get(keyOf(relay));
    if (key?.relayId === relayId && refusal) key.refusal = refusal;
    end(relay, "rejected", 0n, 0n);
    return true;
  }

  function abandon(relayId: string, leaseToken: string): boolean {
    const relay = heldBy(relayId, leaseToken);
    if (!relay) return false;
    remove(relay);
    return true;
  }

  function remove(relay: RelayRow): void {
    ledger.settle(relay.holds, undefined);
    relays.delete(relay.id);
    freeKey(relay);
    onChange();
  }

  function freeKey(relay: RelayRow): void {
    if (keys.get(keyOf(relay))?.relayId === relay.id) keys.delete(keyOf(relay));
  }

  function claim(leaseToken: string, relayId?: string): ClaimedRelay[] {
    const due = [...relays.values()].filter(
      (relay) =>
        (relayId === undefined || relay.id === relayId) &&
        !isFinal(relay.state) &&
        relay.nextCheckAtMs <= nowMs() &&
        (relay.leaseUntilMs ?? 0) <= nowMs() &&
        // Another statement may have the row locked at this moment.
        !random.chance(0.03),
    );
    for (const relay of due) {
      Object.assign(relay, { leaseToken, leaseUntilMs: nowMs() + CLAIM_MS, nextCheckAtMs: nowMs() + CLAIM_MS });
      relay.checks += 1;
    }
    return due.map((relay) => ({ ...relay }));
  }

  function settle(leaseToken: string, changes: readonly RelayChange[]): string[] {
    return changes.flatMap((change) => {
      const relay = relays.get(change.id);
      if (!relay || relay.leaseToken !== leaseToken || isFinal(relay.state)) return [];
      if ((relay.state === "received") !== (change.state === "rejected")) return [];
      const state = change.state === "signed" ? relay.state : change.state;
      if (state !== relay.state) relay.updatedAtMs = nowMs();
      const isUnseen = change.state === "signed" || change.state === "submitted";
      relay.slot = isUnseen ? null : change.slot === undefined ? relay.slot : BigInt(change.slot);
      relay.failure = change.failure ?? null;
      Object.assign(relay, { leaseToken: null, leaseUntilMs: null, nextCheckAtMs: nowMs() + change.checkAfterMs });
      relay.state = state;
      if (isFinal(state)) {
        end(relay, state, BigInt(change.chargedFee ?? 0), BigInt(change.chargedRent ?? 0));
        if (state === "rejected") freeKey(relay);
      } else onLooked(relay.id);
      return [relay.id];
    });
  }

  function read(userId: string, relayId: string) {
    const relay = relays.get(relayId);
    if (relay?.userId !== userId) return undefined;
    const { signedAtMs } = relay;
    const dueInMs = isFinal(relay.state) ? null : relay.nextCheckAtMs - nowMs();
    return { relay: toRecord(relay), dueInMs, signedAt: signedAtMs === null ? null : new Date(signedAtMs) };
  }

  return {
    relays: relays as ReadonlyMap<string, Readonly<RelayRow>>,
    usage: ledger.usage,
    reserve,
    findKey,
    markSigned,
    markSubmitted,
    reject,
    abandon,
    claim,
    settle,
    read,
    hasOpen: () => [...relays.values()].some(({ state }) => !isFinal(state)),
    relayOf: (transactionId: string) => [...relays.values()].find((relay) => relay.transactionId === transactionId),
    /** What no statement of ours does: a naive order's release of a relay that may still land. */
    release(relayId: string): void {
      const relay = relays.get(relayId);
      if (relay && !isFinal(relay.state)) end(relay, "expired", 0n, 0n);
    },
    /** Another thing that no statement does: other signed bytes in the place of the first. */
    replaceSigned(relayId: string, transaction: Uint8Array, transactionId: string, lifetimeEnd: bigint): void {
      const relay = relays.get(relayId);
      if (relay && !isFinal(relay.state)) sign(relay, transaction, transactionId, lifetimeEnd);
    },
  };
}

import { equalBytes } from "../../src/domain/bytes.ts";
import { isFinal } from "../../src/domain/relay.ts";
import type { ChainTransaction } from "./model-chain.ts";
import { type ModelStore, RESERVATION_MS } from "./model-store.ts";
import type { RelayRow } from "./relay-row.ts";
import { messageOf, readMessage, transactionIdOf } from "./transactions.ts";

export type InvariantName =
  | "an intent lands at most once"
  | "nothing is signed that is not held"
  | "only what is committed as signed is sent"
  | "what was signed is sent"
  | "a message has one relay"
  | "what is signed stays held until it has ended"
  | "no limit is exceeded"
  | "what is given once is given once"
  | "the books add up"
  | "what landed is held or charged"
  | "every relay ends"
  | "a relay ends as the chain ended it"
  | "a key has one answer"
  | "what was refused is not accepted"
  | "what was accepted stays accepted"
  | "nothing unexpected happens";

export interface Violation {
  readonly name: InvariantName;
  readonly detail: string;
}

/** What a client was told. */
export interface Told {
  /** User, idempotency key and what was sent with it. */
  readonly key: string;
  readonly status: number;
  readonly code: string | undefined;
  readonly body: string;
  readonly askedAtMs: number;
  readonly toldAtMs: number;
}

interface Scene {
  readonly nowMs: () => number;
  /** Asked late: the store tells the invariants of its changes. */
  readonly store: () => ModelStore;
  readonly landings: () => Iterable<Readonly<ChainTransaction>>;
  /** When a relay that was made at some time must have ended at the latest. */
  readonly dueAtMs: (createdAtMs: number) => number;
  readonly countsRefusals: boolean;
  readonly hasLiar: boolean;
  /** No call of this seed fails and no provider lies, though processes may die. */
  readonly isFaultless: boolean;
  readonly onViolation: (violation: Violation) => void;
}

export type Invariants = ReturnType<typeof createInvariants>;

const AFTER_SIGNING = new Set(["signed", "submitted", "confirmed"]);
/** What a client takes for an answer: asking again would not change it. */
const REFUSES_FOR_GOOD = /^(?:policy|transaction)\.(?!already_relayed)/;
/** A fault says nothing of what was decided. */
const FAULTS_FROM = 500;

/** What must hold at every moment, and at the end, whatever happened. */
export function createInvariants({
  nowMs,
  store,
  landings,
  dueAtMs,
  isFaultless,
  countsRefusals,
  hasLiar,
  onViolation,
}: Scene) {
  /** By process and intent: until when nobody else may release what it has reserved. */
  const reserved = new Map<string, number>();
  const arrived = new Set<string>();
  const looks = new Map<string, number>();
  const refused = new Set<string>();
  const accepted = new Map<string, { body: string; sinceMs: number }>();

  function demand(condition: boolean, name: InvariantName, detail: () => string): void {
    if (!condition) onViolation({ name, detail: detail() });
  }

  function isHeld(relay: Readonly<RelayRow>): boolean {
    return relay.holds.every(({ charged }) => charged === null);
  }

  function intentOf({ transaction }: Readonly<RelayRow>): number {
    return readMessage(messageOf(transaction)).number;
  }

  function isPaidFor(relay: Readonly<RelayRow> | undefined, fee: bigint): boolean {
    if (!relay) return false;
    return isHeld(relay) ? relay.quotedFee >= fee : (relay.chargedFee ?? 0n) >= fee;
  }

  function landedOf(number: number): Readonly<ChainTransaction>[] {
    return [...landings()].filter((transaction) => transaction.number === number && transaction.landedAt !== undefined);
  }

  /** Of a user's transactions that landed and did not fail: how many gave it. */
  function timesGiven(userId: string, item: string): number {
    return [...landings()].filter(({ id, landedAt, fate }) => {
      const relay = landedAt === undefined || fate.failsOnChain ? undefined : store().relayOf(id);
      return relay?.userId === userId && relay.allotments.includes(item);
    }).length;
  }

  function checkLanding(transaction: Readonly<ChainTransaction>): void {
    const { id, number, fate } = transaction;
    const count = landedOf(number).length;
    demand(count <= 1, "an intent lands at most once", () => `intent ${number} landed ${count} times`);
    const relay = store().relayOf(id);
    for (const item of relay?.allotments ?? []) {
      const given = timesGiven(relay?.userId ?? "", item);
      demand(given <= 1, "what is given once is given once", () => `${relay?.userId} was given ${item} ${given} times`);
    }
    demand(isPaidFor(relay, fate.fee), "what landed is held or charged", () => `${id}, ${relay?.state ?? "no relay"}`);
  }

  function checkBooks(): void {
    const open = new Map<unknown, bigint>();
    const charged = new Map<unknown, bigint>();
    const messages = new Set<string>();
    for (const relay of store().relays.values()) {
      if (relay.state !== "rejected") {
        demand(!messages.has(relay.messageHash), "a message has one relay", () => `${relay.id} is another one`);
        messages.add(relay.messageHash);
      }
      const isCovered = !AFTER_SIGNING.has(relay.state) || isHeld(relay);
      demand(isCovered, "what is signed stays held until it has ended", () => `${relay.id} is ${relay.state}`);
      for (const { usage, amount, charged: paid } of relay.holds) {
        const into = paid === null ? open : charged;
        into.set(usage, (into.get(usage) ?? 0n) + (paid ?? amount));
      }
    }
    for (const usage of store().usage.values()) {
      const { limit, used, held } = usage;
      const say = (): string => `${limit.id}: ${used} used and ${held} held of ${limit.amount}`;
      demand(used + held <= limit.amount, "no limit is exceeded", say);
      const addsUp = held === (open.get(usage) ?? 0n) && used === (charged.get(usage) ?? 0n);
      demand(addsUp && used >= 0n && held >= 0n, "the books add up", say);
    }
  }

  function checkEnd(relay: Readonly<RelayRow>): void {
    const { id, state, chargedFee, transactionId } = relay;
    const lateMs = relay.updatedAtMs - dueAtMs(relay.createdAtMs);
    demand(isFinal(state) && lateMs <= 0, "every relay ends", () => `${id} is ${state}, ${lateMs} ms late`);

    // Two looks in which nothing failed had the time to send what the request had not.
    const wasMissed = isFaultless && transactionId !== null && (looks.get(id) ?? 0) >= 2 && !arrived.has(transactionId);
    demand(!wasMissed, "what was signed is sent", () => `${id} was never sent`);

    const transaction = [...landings()].find((candidate) => candidate.id === transactionId);
    const hasLanded = transaction?.landedAt !== undefined;
    const expected = hasLanded ? [transaction.fate.failsOnChain ? "failed" : "finalized"] : ["expired", "rejected"];
    const charge = hasLanded ? transaction.fate.fee : 0n;
    // A record that only one provider tells is charged in full, whatever it says.
    const isDoubted = hasLiar && (state === "finalized" || state === "failed") && chargedFee === relay.quotedFee;
    const isSo = (expected.includes(state) && chargedFee === charge) || isDoubted;
    const say = (): string => `${id} is ${state}, charged ${chargedFee}; expected ${expected.join(" or ")}, ${charge}`;
    demand(isSo, "a relay ends as the chain ended it", say);
  }

  return {
    reserved: (number: number, by: string): void => void reserved.set(`${by} ${number}`, nowMs() + RESERVATION_MS),

    /** Whoever slept through its lease may still sign in its memory; then the bytes may not leave it. */
    signed(number: number, by: string): void {
      const untilMs = reserved.get(`${by} ${number}`);
      const isHeldNow = [...store().relays.values()].some(
        (relay) => relay.state === "received" && isHeld(relay) && intentOf(relay) === number,
      );
      const isFit = untilMs !== undefined && (isHeldNow || nowMs() > untilMs);
      demand(isFit, "nothing is signed that is not held", () => `${by} signed intent ${number}`);
    },

    sent(wire: Uint8Array, by: string): void {
      const id = transactionIdOf(messageOf(wire));
      const relay = store().relayOf(id);
      const isCommitted = relay !== undefined && relay.signedAtMs !== null && equalBytes(relay.transaction, wire);
      demand(isCommitted, "only what is committed as signed is sent", () => `${by} sent ${id}`);
    },

    arrived: (wire: Uint8Array): void => void arrived.add(transactionIdOf(messageOf(wire))),

    landed: checkLanding,

    looked: (relayId: string): void => void looks.set(relayId, (looks.get(relayId) ?? 0) + 1),

    booked(): void {
      checkBooks();
      for (const transaction of landings()) if (transaction.landedAt !== undefined) checkLanding(transaction);
    },

    told({ key, status, code, body, askedAtMs, toldAtMs }: Told): void {
      const before = accepted.get(key);
      const say = (): string => `${key}: ${before?.body}, now ${status} ${code} ${body}`;
      demand(status !== 500, "nothing unexpected happens", say);
      if (status === 202) {
        demand(before === undefined || before.body === body, "a key has one answer", say);
        demand(!refused.has(key), "what was refused is not accepted", say);
        accepted.set(key, before ?? { body, sinceMs: toldAtMs });
      } else if (countsRefusals && code !== undefined && REFUSES_FOR_GOOD.test(code)) {
        refused.add(key);
      }
      if (status !== 202 && before && askedAtMs > before.sinceMs) {
        demand(status >= FAULTS_FROM, "a key has one answer", say);
      }
    },

    /** Something failed that has no code. */
    surprised(event: string, cause: unknown): void {
      const said = cause instanceof Error ? cause.message : typeof cause;
      demand(false, "nothing unexpected happens", () => `${event}: ${said}`);
    },

    finish(): void {
      checkBooks();
      for (const relay of store().relays.values()) checkEnd(relay);
      for (const [key, { body }] of accepted) {
        const { id } = JSON.parse(body) as { id: string };
        const state = store().relays.get(id)?.state;
        const isKept = state !== undefined && state !== "rejected";
        demand(isKept, "what was accepted stays accepted", () => `${key}: ${id} is ${state ?? "gone"}`);
      }
    },
  };
}

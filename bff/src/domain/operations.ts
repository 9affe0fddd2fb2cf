import type { MetricSample } from "./metrics.ts";
import { sampleOf } from "./metrics.ts";
import type { NetworkName } from "./network.ts";

/** Whoever looks after the relays of a network. Ages in seconds, by the database's clock. */
export interface Listener {
  readonly network: NetworkName;
  /** Null: it has never done its work to the end. */
  readonly beatAgeSeconds: number | null;
  /** Of the oldest relay that has not ended; null when there is none. */
  readonly oldestOpenSeconds: number | null;
}

export interface NetworkFacts extends Listener {
  /** Relays that have not ended, by state. */
  readonly open: Readonly<Record<string, number>>;
  readonly held: { readonly relays: bigint; readonly fee: bigint; readonly rent: bigint };
  /** Relays that cost more than was reserved: ever, and in the last 24 hours. */
  readonly overcharged: number;
  readonly overchargedLately: number;
}

export interface SponsorFacts {
  readonly id: string;
  readonly network: NetworkName;
  readonly state: "active" | "draining";
  /** The last good one, finalized, in base units; null before there was any. */
  readonly balance: bigint | null;
  readonly balanceFloor: bigint;
  /** Since the balance was read; without one, since the sponsor is there. */
  readonly ageSeconds: number;
  readonly fetchErrors: number;
  /** Lost in the last 24 hours beyond what the ledger charged. Not negative. */
  readonly lostLately: bigint;
}

/** What the ledger knows about how it goes, read at one moment. */
export interface OperationFacts {
  /** False when the watchdog had not looked for ten minutes: then nobody did what is done after each look either. */
  readonly isWatched: boolean;
  readonly networks: readonly NetworkFacts[];
  readonly sponsors: readonly SponsorFacts[];
  /** Listener → seconds since 1970. */
  readonly heartbeats: Readonly<Record<string, number>>;
  readonly openAlerts: Readonly<Record<string, number>>;
  /** Chains of the audit log that have waited for their seal for more than ten minutes; at most 100. */
  readonly unsealed: readonly { readonly chain: string; readonly ageSeconds: number }[];
  readonly jobs: {
    /** Dead letters that nobody has retried or discarded. */
    readonly dead: number;
    /** Those of them that became it within 24 hours. */
    readonly deadLately: number;
    /** How long the oldest part that is due has waited; 0 when none has. */
    readonly oldestDueSeconds: number;
  };
}

const OPEN_STATES = ["received", "signed", "submitted", "confirmed"];
/** Two beats may be lost: cron brings one each minute. */
const STALE_SECONDS = 150;

/** On a fresh installation nobody has beaten yet, and nothing waits. */
export function isListenerStale({ beatAgeSeconds, oldestOpenSeconds }: Listener): boolean {
  return (beatAgeSeconds ?? oldestOpenSeconds ?? 0) > STALE_SECONDS;
}

function measureNetwork({ network, open, held, oldestOpenSeconds, overcharged }: NetworkFacts): MetricSample[] {
  return [
    ...OPEN_STATES.map((state) => sampleOf("gasless_relays_open", { network, state }, open[state] ?? 0)),
    sampleOf("gasless_relays_oldest_open_age_seconds", { network }, oldestOpenSeconds ?? 0),
    ...Object.entries(held).map(([unit, amount]) => sampleOf("gasless_budget_held", { network, unit }, amount)),
    sampleOf("gasless_ledger_overcharged_relays", { network }, overcharged),
  ];
}

function measureSponsor(facts: SponsorFacts): MetricSample[] {
  const labels = { network: facts.network, sponsor: facts.id };
  return [
    ...(facts.balance === null ? [] : [sampleOf("gasless_sponsor_balance", labels, facts.balance)]),
    sampleOf("gasless_sponsor_balance_floor", labels, facts.balanceFloor),
    sampleOf("gasless_sponsor_balance_age_seconds", labels, facts.ageSeconds),
    sampleOf("gasless_sponsor_balance_fetch_errors_total", labels, facts.fetchErrors),
    sampleOf("gasless_ledger_difference", labels, -facts.lostLately),
  ];
}

export function measureOperations({
  networks,
  sponsors,
  heartbeats,
  openAlerts,
  jobs,
}: OperationFacts): MetricSample[] {
  return [
    ...networks.flatMap(measureNetwork),
    ...sponsors.flatMap(measureSponsor),
    sampleOf("gasless_jobs_dead", {}, jobs.dead),
    sampleOf("gasless_jobs_oldest_due_age_seconds", {}, jobs.oldestDueSeconds),
    ...Object.entries(heartbeats).map(([listener, atSeconds]) =>
      sampleOf("gasless_heartbeat_timestamp_seconds", { listener }, atSeconds),
    ),
    ...Object.entries(openAlerts).map(([kind, count]) => sampleOf("gasless_alerts_open", { kind }, count)),
  ];
}

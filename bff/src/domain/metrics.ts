/** What is measured, and how it is written down. Labels hold ids, codes and patterns, never a wallet, address or transaction. */
interface MetricDescription {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds, in seconds, rising. */
  readonly buckets?: readonly number[];
}

/** Counted by requests and jobs, in whichever isolate they run; kept for all of them by one sink. */
const COUNTED = {
  gasless_requests_total: {
    type: "counter",
    help: "HTTP requests that were answered, by route pattern and status.",
    labels: ["method", "route", "status"],
  },
  gasless_relay_decisions_total: {
    type: "counter",
    help: "Transactions that somebody wanted to have sponsored, by what was decided; code is empty for sponsored ones.",
    labels: ["network", "verdict", "code"],
  },
  gasless_relay_stage_seconds: {
    type: "histogram",
    help: "How long each stage of sponsoring took.",
    labels: ["stage"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  },
  gasless_refusals_dropped_total: {
    type: "counter",
    help: "Refusals that were not kept as decisions, because their project had too many in that minute.",
    labels: [],
  },
  gasless_limiter_degraded_total: {
    type: "counter",
    help: "Times that the rate-limit store did not answer in time.",
    labels: [],
  },
  gasless_rpc_requests_total: {
    type: "counter",
    help: "Calls to a network's nodes, by how they ended.",
    labels: ["network", "provider", "method", "outcome"],
  },
  gasless_rpc_retries_total: {
    type: "counter",
    help: "Calls that went to another node after the first had failed.",
    labels: ["network"],
  },
  gasless_rpc_quarantines_total: {
    type: "counter",
    help: "Times that a node was put aside because of what it had said.",
    labels: ["network", "provider", "reason"],
  },
  gasless_rpc_slot_lag_slots: {
    type: "gauge",
    help: "By how many slots a node's last answer was behind what the others had shown.",
    labels: ["network", "provider"],
  },
} as const satisfies Readonly<Record<`gasless_${string}`, MetricDescription>>;

/** Read from SQL when somebody asks. */
const READ = {
  gasless_relays_open: {
    type: "gauge",
    help: "Relays that have not ended, by state.",
    labels: ["network", "state"],
  },
  gasless_relays_oldest_open_age_seconds: {
    type: "gauge",
    help: "Age of the oldest relay that has not ended; 0 when there is none.",
    labels: ["network"],
  },
  gasless_budget_held: {
    type: "gauge",
    help: "What relays under way hold of budgets: relays, or base units of fee and rent.",
    labels: ["network", "unit"],
  },
  gasless_sponsor_balance: {
    type: "gauge",
    help: "The last finalized balance of a sponsor that a node could tell, in base units.",
    labels: ["network", "sponsor"],
  },
  gasless_sponsor_balance_floor: {
    type: "gauge",
    help: "The balance below which a sponsor pays for nothing, in base units.",
    labels: ["network", "sponsor"],
  },
  gasless_sponsor_balance_age_seconds: {
    type: "gauge",
    help: "How long ago the balance was read; without any balance, how long the sponsor has been there.",
    labels: ["network", "sponsor"],
  },
  gasless_sponsor_balance_fetch_errors_total: {
    type: "counter",
    help: "Times that the balance could not be read.",
    labels: ["network", "sponsor"],
  },
  gasless_ledger_difference: {
    type: "gauge",
    help: "What a sponsor lost in the last 24 hours beyond what the ledger charged, as a negative number of base units.",
    labels: ["network", "sponsor"],
  },
  gasless_ledger_overcharged_relays: {
    type: "gauge",
    help: "Relays that cost more than was reserved for them.",
    labels: ["network"],
  },
  gasless_jobs_dead: {
    type: "gauge",
    help: "Imports and backtests that failed too often and wait for somebody to retry or discard them.",
    labels: [],
  },
  gasless_jobs_oldest_due_age_seconds: {
    type: "gauge",
    help: "How long the part of a job that is due has waited longest; 0 when none is due.",
    labels: [],
  },
  gasless_heartbeat_timestamp_seconds: {
    type: "gauge",
    help: "When a listener last did its work to the end.",
    labels: ["listener"],
  },
  gasless_alerts_open: {
    type: "gauge",
    help: "Alerts that are open.",
    labels: ["kind"],
  },
  gasless_scrape_errors: {
    type: "gauge",
    help: "Sources of this page that did not answer: then their metrics are missing.",
    labels: [],
  },
} as const satisfies Readonly<Record<`gasless_${string}`, MetricDescription>>;

/** Every metric there is. docs/metrics.md is made from it. */
export const METRICS = { ...COUNTED, ...READ };

type Metrics = typeof METRICS;
export type MetricName = keyof Metrics;
type NameOf<Table, Type> = { [Name in keyof Table]: Table[Name] extends { type: Type } ? Name : never }[keyof Table];
export type CounterName = NameOf<typeof COUNTED, "counter">;
export type GaugeName = NameOf<typeof COUNTED, "gauge">;
export type HistogramName = NameOf<typeof COUNTED, "histogram">;
export type LabelsOf<Name extends MetricName> = Readonly<Record<Metrics[Name]["labels"][number], string>>;

/** One number of a metric. Histograms have one for each bucket, by its upper bound or `+Inf`, and one for their `sum`. */
export interface MetricSample {
  readonly name: string;
  /** As they stand between the braces. */
  readonly labels: string;
  /** Empty for counters and gauges. */
  readonly bucket: string;
  readonly value: number | bigint;
}

/** The labels in the order of the table. Source: Prometheus text exposition format 0.0.4. */
export function formatLabels<Name extends MetricName>(name: Name, labels: LabelsOf<Name>): string {
  const values: Readonly<Record<string, string>> = labels;
  return METRICS[name].labels
    .map((label) => {
      const value = (values[label] ?? "").replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
      return `${label}="${value}"`;
    })
    .join(",");
}

export function sampleOf<Name extends MetricName>(
  name: Name,
  labels: LabelsOf<Name>,
  value: number | bigint,
): MetricSample {
  return { name, labels: formatLabels(name, labels), bucket: "", value };
}

/** The bucket that an observation falls into. */
export function bucketOf(name: HistogramName, seconds: number): string {
  return String(METRICS[name].buckets.find((bound) => seconds <= bound) ?? "+Inf");
}

/** What requests count without labels, at zero: a rate can only be seen from something that was there before. */
export function listZeros(): MetricSample[] {
  return Object.entries(COUNTED)
    .filter(([, { labels }]) => labels.length === 0)
    .map(([name]) => ({ name, labels: "", bucket: "", value: 0 }));
}

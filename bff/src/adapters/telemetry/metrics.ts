import { equalBytes } from "../../domain/bytes.ts";
import { bucketOf, formatLabels, METRICS, type MetricSample } from "../../domain/metrics.ts";
import type { LogPort, MetricsPort } from "../../ports.ts";

/** The one owner of what is counted. A report that is repeated counts twice. */
export interface MetricsSink {
  report(samples: readonly MetricSample[]): Promise<void>;
  read(): Promise<MetricSample[]>;
}

/** What an isolate has counted and not yet handed on. */
export interface MetricsBuffer extends Omit<MetricsPort, "read" | "isReader"> {
  /** Hands it on to the sink, unless somebody is at it or there is nothing. Never fails. */
  flush(sink: MetricsSink): Promise<void>;
  /** The same at once, for somebody who is going to read. */
  report(sink: MetricsSink): Promise<boolean>;
}

/** Everything comes from tables of ours, so this many are a mistake; it must not eat the isolate. */
const MAX_SERIES = 2_000;
const SINK_DEADLINE_MS = 5_000;
/** An isolate reports at most this often, however many requests it answers. */
const REPORT_EVERY_MS = 250;
const MAX_REPORTS = 5;

interface MetricsOptions {
  readonly nowMs: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  readonly log: Pick<LogPort, "warn">;
}

async function within<Value>(work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("the metrics sink did not answer in time")), SINK_DEADLINE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Numbers that requests of this isolate add to. It holds no promise: whoever flushes owns the work. */
export function createMetricsBuffer({ nowMs, sleep, log }: MetricsOptions): MetricsBuffer {
  let series = new Map<string, MetricSample>();
  /** The flush may die with its request: then another one takes over. */
  let isBusyUntilMs = 0;
  let nextReportAtMs = 0;

  function put(sample: MetricSample, combine: (before: number) => number): void {
    const key = `${sample.name} ${sample.bucket} ${sample.labels}`;
    const before = series.get(key);
    if (!before && series.size >= MAX_SERIES) return;
    series.set(key, { ...sample, value: combine(Number(before?.value ?? 0)) });
  }
  const add = (sample: MetricSample): void => put(sample, (before) => before + Number(sample.value));

  async function report(sink: MetricsSink): Promise<boolean> {
    if (series.size === 0) return true;
    const taken = series;
    series = new Map();
    try {
      await within(sink.report([...taken.values()]));
      return true;
    } catch (cause) {
      for (const [key, sample] of taken) {
        if (!isGauge(sample)) add(sample);
        else if (!series.has(key)) put(sample, () => Number(sample.value));
      }
      log.warn("metrics.report_failed", { cause });
      return false;
    }
  }

  return {
    report,
    count: (name, labels, by = 1) => add({ name, labels: formatLabels(name, labels), bucket: "", value: by }),
    observe(name, labels, seconds) {
      const of = { name, labels: formatLabels(name, labels) };
      add({ ...of, bucket: bucketOf(name, seconds), value: 1 });
      add({ ...of, bucket: "sum", value: seconds });
    },
    set: (name, labels, value) => put({ name, labels: formatLabels(name, labels), bucket: "", value }, () => value),
    async flush(sink) {
      if (isBusyUntilMs > nowMs()) return;
      for (let reports = 0; series.size > 0 && reports < MAX_REPORTS; reports++) {
        isBusyUntilMs = nowMs() + SINK_DEADLINE_MS + REPORT_EVERY_MS;
        const waitMs = nextReportAtMs - nowMs();
        if (waitMs > 0) await sleep(waitMs);
        nextReportAtMs = nowMs() + REPORT_EVERY_MS;
        if (!(await report(sink))) break;
      }
      isBusyUntilMs = 0;
    },
  };
}

function isGauge({ name }: MetricSample): boolean {
  return METRICS[name as keyof typeof METRICS].type === "gauge";
}

const digestOf = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

/** The port of one request: the isolate's numbers, and the sink as this request can reach it. */
export function createMetrics(buffer: MetricsBuffer, sink: MetricsSink, metricsToken: string): MetricsPort {
  return {
    count: buffer.count,
    observe: buffer.observe,
    set: buffer.set,
    async read() {
      await buffer.report(sink);
      return within(sink.read());
    },
    isReader: async (token) => equalBytes(await digestOf(token), await digestOf(metricsToken)),
  };
}

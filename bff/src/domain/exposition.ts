import { METRICS, type MetricSample } from "./metrics.ts";

const SUM = "sum";
const INFINITE = "+Inf";

function line(name: string, labels: string, value: number | bigint): string {
  return `${name}${labels === "" ? "" : `{${labels}}`} ${value}`;
}

/** Bounds of an earlier version may still be among the samples: they count for the next higher one that there is now. */
function renderHistogram(name: string, bounds: readonly number[], labels: string, samples: readonly MetricSample[]) {
  const countUpTo = (bound: number): number =>
    samples
      .filter(
        ({ bucket }) => bucket !== SUM && (bucket === INFINITE ? Number.POSITIVE_INFINITY : Number(bucket)) <= bound,
      )
      .reduce((sum, { value }) => sum + Number(value), 0);
  const all = countUpTo(Number.POSITIVE_INFINITY);
  const withBound = (bound: string): string => `${labels}${labels === "" ? "" : ","}le="${bound}"`;
  return [
    ...bounds.map((bound) => line(`${name}_bucket`, withBound(String(bound)), countUpTo(bound))),
    line(`${name}_bucket`, withBound(INFINITE), all),
    line(`${name}_sum`, labels, samples.find(({ bucket }) => bucket === SUM)?.value ?? 0),
    line(`${name}_count`, labels, all),
  ];
}

/** The samples as text, in the order of the table; those of metrics that are no more are left out. Source: Prometheus text exposition format 0.0.4. */
export function renderExposition(samples: readonly MetricSample[]): string {
  const byName = Map.groupBy(samples, ({ name }) => name);
  const families = Object.entries(METRICS).flatMap(([name, metric]) => {
    const own = byName.get(name);
    if (!own) return [];
    const body =
      metric.type === "histogram"
        ? [...Map.groupBy(own, ({ labels }) => labels)].flatMap(([labels, group]) =>
            renderHistogram(name, metric.buckets, labels, group),
          )
        : own.map(({ labels, value }) => line(name, labels, value));
    return [`# HELP ${name} ${metric.help}`, `# TYPE ${name} ${metric.type}`, ...body];
  });
  return `${families.join("\n")}\n`;
}

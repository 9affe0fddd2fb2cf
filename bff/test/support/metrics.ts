import type { Stack } from "./stack.ts";

/** The page of metrics, as Prometheus would read it. */
export async function readMetrics({ api, secrets }: Pick<Stack, "api" | "secrets">): Promise<string> {
  const response = await fetch(`${api}/metrics`, { headers: { authorization: `Bearer ${secrets.metricsToken}` } });
  if (response.status !== 200) throw new Error(`the metrics were answered with status ${response.status}`);
  const type = response.headers.get("content-type");
  if (type !== "text/plain; version=0.0.4; charset=utf-8") throw new Error(`the metrics are ${type}`);
  return response.text();
}

/** The value of one sample, by its name with its labels. */
export function valueOf(page: string, sample: string): number | undefined {
  const line = page.split("\n").find((candidate) => candidate.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}

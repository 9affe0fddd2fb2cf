import { renderExposition } from "../../domain/exposition.ts";
import { listZeros, sampleOf } from "../../domain/metrics.ts";
import type { NetworkName } from "../../domain/network.ts";
import { measureOperations } from "../../domain/operations.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";

/** @throws auth.token_missing, auth.token_invalid */
export async function assertMetricsReader({ metrics }: Pick<Ports, "metrics">, authorization: string | undefined) {
  if (authorization === undefined) throw new AppError("auth.token_missing", "This call needs the metrics token.");
  const [, token] = /^Bearer ([!-~]+)$/i.exec(authorization) ?? [];
  if (token === undefined || !(await metrics.isReader(token))) {
    throw new AppError("auth.token_invalid", "This is not the metrics token.");
  }
}

/** Everything that is measured, as text. What cannot be read is missing, and its absence is told. */
export async function readMetrics(
  { metrics, watch, log }: Pick<Ports, "metrics" | "watch" | "log">,
  networks: readonly NetworkName[],
): Promise<string> {
  const sources = await Promise.allSettled([
    metrics
      .read()
      .then((samples) => [...listZeros().filter(({ name }) => !samples.some((it) => it.name === name)), ...samples]),
    watch.readFacts(networks).then(measureOperations),
  ]);
  const failed = sources.filter((source) => source.status === "rejected");
  for (const { reason } of failed) log.warn("metrics.source_failed", { cause: reason });
  const samples = sources.flatMap((source) => (source.status === "fulfilled" ? source.value : []));
  return renderExposition([...samples, sampleOf("gasless_scrape_errors", {}, failed.length)]);
}

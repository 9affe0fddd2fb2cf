import { expect, test } from "vitest";
import type { MetricSample } from "../../domain/metrics.ts";
import { createMetrics, createMetricsBuffer, type MetricsSink } from "./metrics.ts";

function openScene() {
  const scene = { isDown: false, reports: [] as MetricSample[][], warnings: [] as string[], sleptMs: [] as number[] };
  let nowMs = 1_000_000;
  let whileAsleep = (): void => undefined;
  const buffer = createMetricsBuffer({
    nowMs: () => nowMs,
    sleep: async (durationMs) => {
      scene.sleptMs.push(durationMs);
      whileAsleep();
      nowMs += durationMs;
    },
    log: { warn: (event) => void scene.warnings.push(event) },
  });
  const sink: MetricsSink = {
    async report(samples) {
      if (scene.isDown) throw new Error("away");
      scene.reports.push([...samples]);
    },
    read: async () => scene.reports.flat(),
  };
  return {
    scene,
    buffer,
    sink,
    onSleep: (work: () => void) => void (whileAsleep = work),
    wait: (durationMs: number) => void (nowMs += durationMs),
  };
}

const values = (report: readonly MetricSample[] | undefined) =>
  report?.map(({ name, labels, bucket, value }) => [name.replace("gasless_", ""), labels, bucket, value]);

const network = "solana:localnet";

test("what many requests count is handed on as one number for each series", async () => {
  const { scene, buffer, sink } = openScene();
  buffer.count("gasless_rpc_retries_total", { network });
  buffer.count("gasless_rpc_retries_total", { network }, 4);
  buffer.observe("gasless_relay_stage_seconds", { stage: "sign" }, 0.25);
  buffer.observe("gasless_relay_stage_seconds", { stage: "sign" }, 0.125);
  buffer.set("gasless_rpc_slot_lag_slots", { network, provider: "a" }, 3);
  buffer.set("gasless_rpc_slot_lag_slots", { network, provider: "a" }, 2);
  await buffer.flush(sink);
  await buffer.flush(sink);
  expect(scene.reports.map(values)).toEqual([
    [
      ["rpc_retries_total", `network="${network}"`, "", 5],
      ["relay_stage_seconds", 'stage="sign"', "0.25", 2],
      ["relay_stage_seconds", 'stage="sign"', "sum", 0.375],
      ["rpc_slot_lag_slots", `network="${network}",provider="a"`, "", 2],
    ],
  ]);
});

test("a report that failed is kept for the next one, and never fails who counted", async () => {
  const { scene, buffer, sink } = openScene();
  scene.isDown = true;
  buffer.count("gasless_limiter_degraded_total", {}, 2);
  buffer.set("gasless_rpc_slot_lag_slots", { network, provider: "a" }, 3);
  await buffer.flush(sink);
  expect(scene.warnings).toEqual(["metrics.report_failed"]);
  scene.isDown = false;
  buffer.count("gasless_limiter_degraded_total", {});
  await buffer.flush(sink);
  expect(scene.reports.map(values)).toEqual([
    [
      ["limiter_degraded_total", "", "", 3],
      ["rpc_slot_lag_slots", `network="${network}",provider="a"`, "", 3],
    ],
  ]);
});

test("while one request hands on, the others leave theirs to it, at most four times a second", async () => {
  const { scene, buffer, sink, onSleep, wait } = openScene();
  const slow: MetricsSink = {
    ...sink,
    async report(samples) {
      buffer.count("gasless_limiter_degraded_total", {});
      await buffer.flush(sink);
      await sink.report(samples);
    },
  };
  onSleep(() => buffer.count("gasless_limiter_degraded_total", {}));
  buffer.count("gasless_limiter_degraded_total", {});
  await buffer.flush(slow);
  expect(scene.reports.flatMap((report) => report.map(({ value }) => value))).toEqual([1, 2, 2, 2, 2]);
  expect(scene.sleptMs).toEqual([250, 250, 250, 250]);
  // What came last is the next request's.
  wait(100);
  await buffer.flush(sink);
  expect(scene.sleptMs.at(-1)).toBe(150);
  expect(scene.reports.at(-1)?.[0]?.value).toBe(2);
});

test("series have an end, whatever a mistake puts into labels", async () => {
  const { scene, buffer, sink } = openScene();
  for (let index = 0; index < 3_000; index++) buffer.count("gasless_rpc_retries_total", { network: String(index) });
  await buffer.flush(sink);
  expect(scene.reports[0]).toHaveLength(2_000);
});

test("who reads gets what this isolate has just counted, and only the whole token opens", async () => {
  const { buffer, sink } = openScene();
  const metrics = createMetrics(buffer, sink, "a token of the operator's");
  metrics.count("gasless_limiter_degraded_total", {});
  expect(values(await metrics.read())).toEqual([["limiter_degraded_total", "", "", 1]]);
  expect(await metrics.isReader("a token of the operator's")).toBe(true);
  for (const token of ["", "a token", "a token of the operator's ", "A token of the operator's"]) {
    expect(await metrics.isReader(token)).toBe(false);
  }
});

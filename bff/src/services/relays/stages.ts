import type { Ports } from "../../ports.ts";

type Clocked = Pick<Ports, "clock" | "metrics">;
type Stage = "judge" | "reserve" | "simulate" | "sign" | "mark_signed";

/** Measures from now until the returned function is called. */
export function startStage({ clock, metrics }: Clocked, stage: Stage): () => void {
  const startedAtMs = clock.nowMs();
  return () => metrics.observe("gasless_relay_stage_seconds", { stage }, (clock.nowMs() - startedAtMs) / 1_000);
}

/** The same value or fault, and how long it took. */
export async function timed<Value>(ports: Clocked, stage: Stage, work: Promise<Value>): Promise<Value> {
  const end = startStage(ports, stage);
  try {
    return await work;
  } finally {
    end();
  }
}

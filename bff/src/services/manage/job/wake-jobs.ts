import type { Ports } from "../../../ports.ts";

/** Has the jobs looked after at once, after the answer. A call that is lost is repeated each minute. */
export function wakeJobs({ background, wake, log }: Pick<Ports, "background" | "wake" | "log">): void {
  background(wake("jobs").catch((cause: unknown) => log.warn("jobs.wake_failed", { cause })));
}

import { AppError } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { runNextPart } from "../services/manage/job/run-next-part.ts";

/** One look does parts for so long, and the next one begins with new ports. */
const LOOK_FOR_MS = 10_000;
/** While others have what is due, and when something is in the way. */
const LOOK_AGAIN_MS = 1_000;
/** Of a thousand, in one run. */
const MAX_BATCHES = 20;

/** Does what is due. Returns in how many milliseconds there is more to do; undefined: there is no work left. Never throws. */
export async function runJobs(ports: Ports): Promise<number | undefined> {
  const untilMs = ports.clock.nowMs() + LOOK_FOR_MS;
  try {
    while (await runNextPart(ports)) {
      if (ports.clock.nowMs() > untilMs) return 0;
    }
    const dueInMs = await ports.jobs.readDueInMs();
    return dueInMs === undefined ? undefined : Math.max(LOOK_AGAIN_MS, dueInMs);
  } catch (cause) {
    ports.log.error("jobs.failed", { code: cause instanceof AppError ? cause.code : undefined, cause });
    return LOOK_AGAIN_MS;
  }
}

/** The net under lost wake-ups: sees to it that work is done, and takes away what has outlived its use. Never throws. */
export async function tendJobs({ jobs, wake, log }: Pick<Ports, "jobs" | "wake" | "log">): Promise<void> {
  try {
    if ((await jobs.readDueInMs()) !== undefined) await wake("jobs");
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      if ((await jobs.purge()) === 0) break;
    }
  } catch (cause) {
    log.error("jobs.failed", { code: cause instanceof AppError ? cause.code : undefined, cause });
  }
}

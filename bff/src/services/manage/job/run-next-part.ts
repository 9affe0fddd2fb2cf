import type { ClaimedJob } from "../../../domain/job/job.ts";
import { backoffSeconds, MAX_ATTEMPTS } from "../../../domain/job/retry.ts";
import { AppError, toAppError } from "../../../errors.ts";
import type { Ports } from "../../../ports.ts";
import { runBacktestPart } from "../backtests/run-backtest-part.ts";

const GAVE_UP = `It failed ${MAX_ATTEMPTS} times at the same part. Retry it, or discard it; what was done so far stays.`;

async function runPart(ports: Ports, job: ClaimedJob): Promise<void> {
  // Whoever counted the attempts before this one did not live to say how they ended.
  if (job.attempts > MAX_ATTEMPTS) throw new Error("its workers have died");
  const { work } = job;
  if (work.kind === "backtest") return runBacktestPart(ports, job, work.input, work.progress);
  const part = await ports.jobs.importPart(job);
  if (part.ok) return;
  throw part.reason.kind === "refused" ? toAppError(part.reason.refusal) : new Error(part.reason.kind);
}

/** A refusal ends the job: what it was given cannot be done. A fault is tried again, and then the job is a dead letter. */
async function recordFailure(ports: Ports, job: ClaimedJob, cause: unknown): Promise<void> {
  const { id: jobId, projectId, attempts, work } = job;
  const fields = { jobId, projectId, kind: work.kind, attempts, cause };
  if (cause instanceof AppError && cause.status < 500) {
    ports.log.warn("job.failed", fields);
    return ports.jobs.failPart(job, { state: "failed" }, { detail: cause.message });
  }
  const againInSeconds = backoffSeconds(attempts);
  if (againInSeconds === undefined) {
    ports.log.error("job.dead", fields);
    return ports.jobs.failPart(job, { state: "dead" }, { detail: GAVE_UP });
  }
  ports.log.warn("job.part_failed", fields);
  return ports.jobs.failPart(job, { againInSeconds }, { detail: "The last attempt failed; it is tried again." });
}

/** Does the part whose turn it is. Anybody may at any time; leases keep two of them off the same job. False: none is due. */
export async function runNextPart(ports: Ports): Promise<boolean> {
  const job = await ports.jobs.claim(ports.random.uuid());
  if (!job) return false;
  try {
    await runPart(ports, job);
  } catch (cause) {
    await recordFailure(ports, job, cause);
  }
  return true;
}

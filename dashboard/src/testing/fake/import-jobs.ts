import type { Job } from "../../../../bff/src/contract/manage/jobs.ts";
import { fakeId, minutesAgo } from "./world.ts";

interface Running {
  readonly job: Job;
  /** Once, at the end. */
  readonly finish: () => Job["result"];
}

const jobs = new Map<string, Running>();
/** So many looks until the end: enough to see it move. */
const LOOKS = 3;

/** An import that goes on by a part with every look at it. */
export function startImport(network: Job["network"], total: number, finish: Running["finish"]): Job {
  const job: Job = {
    id: fakeId("job", 900 + jobs.size),
    kind: "import",
    network,
    state: "queued",
    label: `Import ${total} entries`,
    done: 0,
    total,
    attempts: 1,
    error: null,
    result: null,
    createdAt: minutesAgo(0),
    updatedAt: minutesAgo(0),
    endedAt: null,
  };
  jobs.set(job.id, { job, finish });
  return job;
}

/** Undefined: it is another fake's. */
export function lookAtImport(id: string): Job | undefined {
  const running = jobs.get(id);
  if (!running) return undefined;
  const { job, finish } = running;
  if (job.endedAt !== null) return job;
  const done = Math.min(job.total, job.done + Math.ceil(job.total / LOOKS));
  const hasEnded = done === job.total && job.done > 0;
  const next: Job = hasEnded
    ? { ...job, done, state: "succeeded", result: finish(), endedAt: minutesAgo(0) }
    : { ...job, done, state: "running" };
  jobs.set(id, { job: next, finish });
  return next;
}

import type { Job } from "../../../contract/manage/jobs.ts";
import type { Access } from "../../../domain/manage.ts";

/** A job as its asker may see it: decisions that a backtest names are shown to keys that may look at traffic. */
export function showJob(job: Job, { scopes }: Pick<Access, "scopes">): Job {
  if (job.result?.kind !== "backtest" || !scopes || scopes.includes("traffic:read")) return job;
  return { ...job, result: { ...job.result, samples: [] } };
}

import type { Job } from "../../../contract/manage/jobs.ts";
import { AppError } from "../../../errors.ts";
import type { ManageStore } from "../../../manage-ports.ts";
import type { Ports } from "../../../ports.ts";
import { wakeJobs } from "./wake-jobs.ts";

interface JobPlace {
  readonly projectId: string;
  readonly jobId: string;
}

function found(job: Job | undefined): Job {
  if (!job) throw new AppError("request.not_found", "There is no such job.");
  return job;
}

/** @throws request.not_found */
export const requireJob = async (store: ManageStore, { projectId, jobId }: JobPlace): Promise<Job> =>
  found(await store.readJob(projectId, jobId));

/** A dead letter goes on where it stopped. @throws request.not_found, manage.conflict */
export async function retryJob(
  ports: Pick<Ports, "background" | "wake" | "log">,
  store: ManageStore,
  { projectId, jobId }: JobPlace,
): Promise<Job> {
  const job = found(await store.retryJob(projectId, jobId));
  wakeJobs(ports);
  return job;
}

/** It is not gone on with; what it has done stays. @throws request.not_found, manage.conflict */
export const discardJob = async (store: ManageStore, { projectId, jobId }: JobPlace): Promise<Job> =>
  found(await store.discardJob(projectId, jobId));

import { expectStatus } from "@gasless/localnet/api-client";
import type { Job } from "../../src/contract/manage/jobs.ts";
import type { Console } from "./manage.ts";

const POLL_MS = 50;
const PATIENCE_MS = 20_000;
const ENDED = new Set(["succeeded", "failed", "dead", "discarded"]);

/** A job as the API tells it. */
export const readJob = async (desk: Console, token: string, projectId: string, jobId: string): Promise<Job> =>
  expectStatus(await desk.call<Job>(token, "GET", `/projects/${projectId}/jobs/${jobId}`), 200);

/** The same, when it has ended. */
export async function followJob(desk: Console, token: string, projectId: string, jobId: string): Promise<Job> {
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const job = await readJob(desk, token, projectId, jobId);
    if (ENDED.has(job.state)) return job;
    if (performance.now() > untilMs) throw new Error(`the job has not ended: ${JSON.stringify(job)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

import { startBacktest } from "../../../services/manage/backtests/start-backtest.ts";
import { discardJob, requireJob, retryJob } from "../../../services/manage/job/change-job.ts";
import { showJob } from "../../../services/manage/job/show-job.ts";
import type { Handlers } from "../handler.ts";

export const jobHandlers: Handlers<"startBacktest" | "listJobs" | "readJob" | "retryJob" | "discardJob"> = {
  startBacktest: ({ ports, store, params, body }) => startBacktest(ports, store, params.projectId, body),
  async listJobs({ store, params, access, query: { state, kind, ...page } }) {
    const { data, nextCursor } = await store.listJobs(params.projectId, { state, kind }, page);
    return { data: data.map((job) => showJob(job, access)), nextCursor };
  },
  readJob: async ({ store, params, access }) => showJob(await requireJob(store, params), access),
  retryJob: async ({ ports, store, params, access }) => showJob(await retryJob(ports, store, params), access),
  discardJob: async ({ store, params, access }) => showJob(await discardJob(store, params), access),
};

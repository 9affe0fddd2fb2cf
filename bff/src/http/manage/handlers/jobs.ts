import { startBacktest } from "../../../services/manage/backtests/start-backtest.ts";
import { discardJob, requireJob, retryJob } from "../../../services/manage/job/change-job.ts";
import type { Handlers } from "../handler.ts";

export const jobHandlers: Handlers<"startBacktest" | "listJobs" | "readJob" | "retryJob" | "discardJob"> = {
  startBacktest: ({ ports, store, params, body }) => startBacktest(ports, store, params.projectId, body),
  listJobs: ({ store, params, query: { state, kind, ...page } }) =>
    store.listJobs(params.projectId, { state, kind }, page),
  readJob: ({ store, params }) => requireJob(store, params),
  retryJob: ({ ports, store, params }) => retryJob(ports, store, params),
  discardJob: ({ store, params }) => discardJob(store, params),
};

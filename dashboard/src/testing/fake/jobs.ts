import type { Job } from "../../../../bff/src/contract/manage/jobs.ts";
import { type FakeHandlers, FakeProblem } from "../fake-api.ts";
import { daysAgo, type FakeOptions, fakeId, minutesAgo } from "./world.ts";

const fakeJob = (index: number, changes: Partial<Job>): Job => ({
  id: fakeId("job", index),
  kind: "import",
  network: "solana:devnet",
  state: "succeeded",
  label: "Import of 240 denied addresses",
  done: 240,
  total: 240,
  attempts: 1,
  error: null,
  result: { kind: "import", added: 238, changed: 2, removed: 0 },
  createdAt: daysAgo(1),
  updatedAt: daysAgo(1),
  endedAt: daysAgo(1),
  ...changes,
});

const BACKTEST: Job["result"] = {
  kind: "backtest",
  days: 7,
  decisions: 1284,
  stillSponsored: { count: 1130, fee: "11300000", rent: "2039280" },
  newlySponsored: { count: 41, fee: "615000", rent: "0" },
  newlyRefused: { count: 3, fee: "30000", rent: "2039280" },
  stillRefused: { count: 88, fee: "880000", rent: "0" },
  refusedOtherwise: { count: 22, fee: "220000", rent: "0" },
  unreadable: 1,
  codes: [
    { code: "policy.instruction_not_allowed", before: 104, after: 63 },
    { code: "policy.value_exceeded", before: 25, after: 28 },
  ],
  samples: [
    {
      decisionId: "req_01jf8zq0k3f7c9v2m5n8p1r4s1",
      change: "newlySponsored",
      before: "policy.instruction_not_allowed",
      after: null,
    },
    {
      decisionId: "req_01jf8zq0k3f7c9v2m5n8p1r4s2",
      change: "newlyRefused",
      before: null,
      after: "policy.value_exceeded",
    },
  ],
};

const busy = (): Job[] => [
  fakeJob(5, {
    label: "Import of 9,400 allowed wallets",
    state: "running",
    done: 2600,
    total: 9400,
    result: null,
    createdAt: minutesAgo(2),
    updatedAt: minutesAgo(0),
    endedAt: null,
  }),
  fakeJob(4, {
    label: "Import of 51 denied addresses",
    state: "dead",
    done: 20,
    total: 51,
    attempts: 5,
    result: null,
    error: { detail: "The database could not be reached for too long." },
    endedAt: null,
  }),
  fakeJob(3, {
    label: "Import of 12 allowed wallets",
    state: "failed",
    done: 0,
    total: 12,
    result: null,
    error: {
      detail: "2 lines are not addresses of this network.",
      errors: [
        { line: 3, detail: "is not a base58 address" },
        { line: 9, detail: "has an end in the past" },
      ],
    },
  }),
  fakeJob(2, {
    kind: "backtest",
    label: "Backtest of “Plain transfers too”, 7 days",
    done: 1284,
    total: 1284,
    result: BACKTEST,
    createdAt: daysAgo(3),
  }),
  fakeJob(1, { createdAt: daysAgo(6) }),
];

/** Jobs; one that runs is a step further each time it is looked at. */
export function jobsFake({ state }: FakeOptions): FakeHandlers {
  let jobs = state === "empty" ? [] : busy();
  const replace = (job: Job): Job => {
    jobs = jobs.map((each) => (each.id === job.id ? job : each));
    return job;
  };
  const find = (id: string): Job => {
    const job = jobs.find((each) => each.id === id);
    if (!job) throw new FakeProblem(404, "request.not_found", "There is no such job.");
    return job;
  };
  const advance = (job: Job): Job => {
    if (job.state !== "running") return job;
    const done = Math.min(job.total, job.done + Math.ceil(job.total / 3));
    if (done < job.total) return replace({ ...job, done, updatedAt: minutesAgo(0) });
    const result: Job["result"] =
      job.kind === "backtest" ? BACKTEST : { kind: "import", added: job.total, changed: 0, removed: 0 };
    return replace({ ...job, done, state: "succeeded", result, updatedAt: minutesAgo(0), endedAt: minutesAgo(0) });
  };
  return {
    listJobs: ({ query }) => {
      const data = jobs.filter(
        (job) => (!query["state"] || job.state === query["state"]) && (!query["kind"] || job.kind === query["kind"]),
      );
      return { data: data.map(advance), nextCursor: null };
    },
    readJob: ({ params }) => advance(find(params.jobId)),
    retryJob: ({ params }) => replace({ ...find(params.jobId), state: "running", error: null }),
    discardJob: ({ params }) => replace({ ...find(params.jobId), state: "discarded", endedAt: minutesAgo(0) }),
    startBacktest: ({ body }) => {
      const job = fakeJob(10 + jobs.length, {
        kind: "backtest",
        network: body.network,
        label: `Backtest of ${body.draftId === undefined ? "an earlier version" : "a draft"}, ${body.days} days`,
        state: "running",
        done: 0,
        total: 1284,
        result: null,
        createdAt: minutesAgo(0),
        updatedAt: minutesAgo(0),
        endedAt: null,
      });
      jobs = [job, ...jobs];
      return job;
    },
  };
}

import assert from "node:assert/strict";
import type { ApiTarget } from "@gasless/localnet/api-client";
import { demoPolicy, type SeededProject } from "@gasless/db/factories";
import type { Drill, Scene } from "./drill.ts";
import { lockRows, untilBlocked } from "./ledger.ts";
import {
  createDecided,
  endWaits,
  entriesOf,
  listDenied,
  queueBacktest,
  queueImport,
  type StoredJob,
  untilJobsEnded,
} from "./queued-jobs.ts";
import { inDigits, mapLimited, sleep, until } from "./support.ts";

type Project = ApiTarget & SeededProject;

const ENTRIES = { full: 10_000, short: 2_500 } as const;
const DECISIONS = { full: 10_000, short: 1_500 } as const;
const ROUNDS = { full: 2, short: 1 } as const;
/** Longer than the way from one statement to the next, so that there is a moment between them. */
const QUERY_DELAY_MS = 15;
/** A job that is taken away at every attempt would be a dead letter, and rightly so. */
const STOLEN_ATTEMPTS = 3;
const PATIENCE_MS = 240_000;

/** What a project's jobs must have come to, however often each part was begun. */
interface Outcome {
  readonly jobs: readonly Pick<StoredJob, "state" | "done" | "total" | "result">[];
  readonly denied: readonly unknown[];
}

/** A list that is filled and then replaced, and a backtest. */
async function queueAll({ stack, scale }: Scene, project: Project): Promise<readonly string[]> {
  const entries = entriesOf("drill", ENTRIES[scale]);
  return [
    await queueImport(stack, project, entries),
    await queueBacktest(stack, project, { ...demoPolicy, allow: demoPolicy.allow.slice(3) }),
  ];
}

async function outcomeOf({ stack }: Scene, { projectId }: Project, ids: readonly string[]): Promise<Outcome> {
  const jobs = (await untilJobsEnded(stack, ids)).map(({ state, done, total, result }) => {
    // Ids of decisions are each project's own.
    const { samples: _samples, ...told } = result ?? {};
    return { state, done, total, result: told };
  });
  return { jobs, denied: await listDenied(stack, projectId) };
}

async function runUndisturbed(scene: Scene, project: Project): Promise<Outcome> {
  const ids = await queueAll(scene, project);
  await scene.stack.worker().runScheduled();
  return outcomeOf(scene, project, ids);
}

/** Ends leases while their parts are under way, so that each goes to a second worker as well. Returns how many it were. */
async function steal({ stack }: Scene, ids: readonly string[]): Promise<number> {
  const { rowCount } = await stack.database.query(
    `update jobs set lease_until = now() - interval '1 second'
      where id in (select id from jobs where id = any ($1) and lease_until > now() and attempts < $2 for update skip locked)`,
    [ids, STOLEN_ATTEMPTS],
  );
  return rowCount ?? 0;
}

/** Two workers at the same jobs, neither of which knows when a lease has been taken from it. */
async function runByTwo(
  scene: Scene,
  projects: readonly Project[],
): Promise<{ readonly outcomes: readonly Outcome[]; readonly stolen: number }> {
  const { stack } = scene;
  const queued = await mapLimited(projects, 1, async (project) => ({ project, ids: await queueAll(scene, project) }));
  const ids = queued.flatMap((each) => each.ids);
  let stolen = 0;
  stack.sql.setQueryDelayMs(QUERY_DELAY_MS);
  await stack.rollTo({}, async (former) => {
    const over = new AbortController();
    const repeat = async (work: () => Promise<unknown>): Promise<void> => {
      while (!over.signal.aborted) {
        await work();
        await sleep(1);
      }
    };
    const waking = [former, stack.worker()].map((worker) => repeat(() => worker.runScheduled().catch(() => undefined)));
    const stealing = repeat(async () => {
      stolen += await steal(scene, ids);
    });
    try {
      await untilJobsEnded(stack, ids, PATIENCE_MS);
    } finally {
      over.abort();
      await Promise.all([...waking, stealing]);
      stack.sql.setQueryDelayMs(0);
    }
  });
  const outcomes = await mapLimited(queued, 1, (each) => outcomeOf(scene, each.project, each.ids));
  return { outcomes, stolen };
}

/** A moment at which a worker dies. */
interface CrashPoint {
  readonly name: string;
  /** Makes the moment last; what it gives lets everybody else go on. */
  readonly hold: (scene: Scene) => Promise<() => Promise<void>>;
  readonly reached: (scene: Scene) => Promise<unknown>;
}

const atLock = (name: string, lock: string, functionName: string): CrashPoint => ({
  name,
  hold: ({ stack }) => lockRows(stack, lock),
  reached: ({ stack }) => untilBlocked(stack, functionName),
});

const CRASH_POINTS: readonly CrashPoint[] = [
  atLock("while it asks for a job", "lock table jobs in share row exclusive mode", "claim_job"),
  {
    name: "when it has a job and has done nothing yet",
    async hold({ stack }) {
      stack.sql.setQueryDelayMs(100);
      return async () => stack.sql.setQueryDelayMs(0);
    },
    reached: ({ stack }) =>
      until("a lease", async () => {
        const { rowCount } = await stack.database.query("select from jobs where lease_until > now()");
        return rowCount === 0 ? undefined : true;
      }),
  },
  atLock(
    "while it writes entries, which are then written without it",
    "lock table denied_accounts in exclusive mode",
    "import_part",
  ),
  atLock("while it reads decisions", "lock table wallets in access exclusive mode", "to_char"),
];

/** Killed at the point; whoever comes next goes on. */
async function runWithCrash(scene: Scene, project: Project, { hold, reached }: CrashPoint): Promise<Outcome> {
  const { stack } = scene;
  const ids = await queueAll(scene, project);
  const letGo = await hold(scene);
  void stack
    .worker()
    .runScheduled()
    .catch(() => undefined);
  await reached(scene);
  await stack.restartAfterKill(letGo);
  await endWaits(stack);
  await stack.worker().runScheduled();
  return outcomeOf(scene, project, ids);
}

export const jobsTwice: Drill = {
  number: 24,
  title: "every job delivered twice, at the same time and after a crash at each point, comes to what it comes to once",
  async run(scene) {
    const { scale, say } = scene;
    const createProject = (): Promise<Project> => createDecided(scene, DECISIONS[scale]);
    const expected = await runUndisturbed(scene, await createProject());
    assert.deepEqual(
      expected.jobs.map(({ state, done }) => [state, done]),
      [
        ["succeeded", ENTRIES[scale]],
        ["succeeded", DECISIONS[scale]],
      ],
    );
    assert.equal(expected.denied.length, ENTRIES[scale]);

    for (let round = 0; round < ROUNDS[scale]; round++) {
      for (const point of CRASH_POINTS) {
        const crashed = await runWithCrash(scene, await createProject(), point);
        assert.deepEqual(crashed, expected, `what a worker left that died ${point.name}`);
      }
    }
    // The last: afterwards the deployment has another address.
    const projects = await mapLimited(Array.from({ length: ROUNDS[scale] }), 1, createProject);
    const { outcomes, stolen } = await runByTwo(scene, projects);
    for (const outcome of outcomes) assert.deepEqual(outcome, expected, "what two workers came to");
    assert(stolen > 0, "no part was ever given to both");
    say(
      `${inDigits(stolen)} parts went to a second worker before the first had ended them, ` +
        `${ROUNDS[scale] * CRASH_POINTS.length} workers died: each time the same ${inDigits(ENTRIES[scale])} entries and ` +
        `the same ${inDigits(DECISIONS[scale])} decisions, once`,
    );
  },
};

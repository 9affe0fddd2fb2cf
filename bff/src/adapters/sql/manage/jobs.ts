import { allowedWallets, decisions, deniedAccounts, jobs } from "@gasless/db";
import { and, desc, eq, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Job } from "../../../contract/manage/jobs.ts";
import { AppError } from "../../../errors.ts";
import type { JobStore, ListName, NetworkPlace, NewJob } from "../../../manage-ports.ts";
import { onlyRow } from "../database.ts";
import type { ActingDatabase, ActingTransaction } from "./acting.ts";
import { toPage } from "./page.ts";

/** Of one project: whoever fills the queue waits for it. */
const MAX_OPEN_JOBS = 20;

const JOB = {
  id: jobs.id,
  kind: jobs.kind,
  network: jobs.network,
  state: jobs.state,
  label: jobs.label,
  done: jobs.done,
  total: jobs.total,
  attempts: jobs.attempts,
  error: jobs.error,
  result: jobs.result,
  createdAt: jobs.createdAt,
  updatedAt: jobs.updatedAt,
  endedAt: jobs.endedAt,
};

type JobRow = Pick<typeof jobs.$inferSelect, keyof typeof JOB>;

const view = ({ result, createdAt, updatedAt, endedAt, ...row }: JobRow): Job => ({
  ...row,
  // Only results of the contract are ever written.
  result: result as Job["result"],
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
});

const isOpen = inArray(jobs.state, ["queued", "running"]);

async function assertRoom(tx: ActingTransaction, projectId: string): Promise<void> {
  // One at a time, so that the count holds.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`jobs ${projectId}`}, 0))`);
  const open = await tx.$count(jobs, and(eq(jobs.projectId, projectId), isOpen));
  if (open < MAX_OPEN_JOBS) return;
  throw new AppError("manage.conflict", `A project has at most ${MAX_OPEN_JOBS} jobs that have not ended.`);
}

/** Two at once would take turns, and what both had replaced would stay. @throws manage.conflict with `jobId` */
async function assertNoOtherImport(
  tx: ActingTransaction,
  { projectId, network }: NetworkPlace,
  list: ListName,
): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'import', ${projectId}::text,
    ${network}::text, ${list}::text), 0))`);
  const [other] = await tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      and(
        eq(jobs.projectId, projectId),
        eq(jobs.network, network),
        eq(jobs.kind, "import"),
        isOpen,
        sql`${jobs.input} ->> 'list' = ${list}`,
      ),
    )
    .limit(1);
  if (!other) return;
  throw new AppError("manage.conflict", "Another import of this list is under way: wait for it, or discard it.", {
    context: { jobId: other.id },
  });
}

/** A dead import may be one too many by now. @throws manage.conflict with `jobId` */
async function assertRetriable(tx: ActingTransaction, job: SQL | undefined): Promise<void> {
  const list = sql<ListName>`${jobs.input} ->> 'list'`;
  const [dead] = await tx
    .select({ projectId: jobs.projectId, network: jobs.network, list })
    .from(jobs)
    .where(and(job, eq(jobs.state, "dead"), eq(jobs.kind, "import")));
  if (dead) await assertNoOtherImport(tx, dead, dead.list);
}

/** Jobs as those who start and follow them see them; what does them is the queue. */
export function createJobQueries({ run, act }: ActingDatabase): JobStore {
  const insert = async (tx: ActingTransaction, job: NewJob, total: SQL<number>, input: SQL): Promise<Job> => {
    const { id, projectId, network, kind, label } = job;
    await assertRoom(tx, projectId);
    const rows = await tx.insert(jobs).values({ id, projectId, network, kind, label, input, total }).returning(JOB);
    return view(onlyRow({ rows }));
  };
  /** Undefined: the project has no such job. */
  const move = (
    projectId: string,
    jobId: string,
    from: readonly Job["state"][],
    change: Record<string, unknown>,
    assertFree?: (tx: ActingTransaction, job: SQL | undefined) => Promise<void>,
  ) =>
    act(async (tx) => {
      const ofProject = and(eq(jobs.projectId, projectId), eq(jobs.id, jobId));
      await assertFree?.(tx, ofProject);
      const [moved] = await tx
        .update(jobs)
        .set({ ...change, leaseToken: null, leaseUntil: null, updatedAt: sql`clock_timestamp()` })
        .where(and(ofProject, inArray(jobs.state, from)))
        .returning(JOB);
      if (moved) return view(moved);
      const [found] = await tx.select({ state: jobs.state }).from(jobs).where(ofProject);
      if (!found) return undefined;
      throw new AppError("manage.conflict", `The job is ${found.state}.`, { context: { state: found.state } });
    });

  return {
    createImport: (job, { list, mode, entries, file, actor }) =>
      act(async (tx) => {
        await assertNoOtherImport(tx, job, list);
        const table = list === "denied" ? deniedAccounts : allowedWallets;
        const kept =
          mode === "replace"
            ? sql`(select count(*) from ${table} where ${table.projectId} = ${job.projectId}
                and ${table.network} = ${job.network})`
            : sql`0`;
        const input = sql`${JSON.stringify({ list, mode, entries, file, actor })}::jsonb`;
        return insert(tx, job, sql<number>`${entries.length}::integer + ${kept}`, input);
      }),
    createBacktest: (job, { days, document }) =>
      act(async (tx) => {
        const since = sql`now() - make_interval(days => ${days})`;
        const total = sql<number>`(select count(*) from ${decisions} where ${decisions.projectId} = ${job.projectId}
          and ${decisions.network} = ${job.network} and ${decisions.decidedAt} >= ${since}
          and ${decisions.decidedAt} <= now())`;
        // As text, with every digit that the database has.
        const input = sql`jsonb_build_object('document', ${JSON.stringify(document)}::jsonb, 'days', ${days}::integer,
          'from', (${since})::text, 'until', now()::text)`;
        return insert(tx, job, total, input);
      }),
    async listJobs(projectId, { state, kind }, { limit, cursor }) {
      const rows = await run((db) =>
        db
          .select(JOB)
          .from(jobs)
          .where(
            and(
              eq(jobs.projectId, projectId),
              state === undefined ? undefined : eq(jobs.state, state),
              kind === undefined ? undefined : eq(jobs.kind, kind),
              cursor === undefined ? undefined : lt(jobs.id, cursor),
            ),
          )
          .orderBy(desc(jobs.id))
          .limit(limit + 1),
      );
      return toPage(rows, limit, view, ({ id }) => id);
    },
    async readJob(projectId, jobId) {
      const [row] = await run((db) =>
        db
          .select(JOB)
          .from(jobs)
          .where(and(eq(jobs.projectId, projectId), eq(jobs.id, jobId))),
      );
      return row && view(row);
    },
    retryJob: (projectId, jobId) => {
      const change = { state: "queued", attempts: 0, error: null, endedAt: null, nextRunAt: sql`now()` };
      return move(projectId, jobId, ["dead"], change, assertRetriable);
    },
    discardJob: (projectId, jobId) =>
      move(projectId, jobId, ["queued", "running", "dead"], {
        state: "discarded",
        endedAt: sql`now()`,
        input: sql`${jobs.input} - 'entries'`,
      }),
  };
}

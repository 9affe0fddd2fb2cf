import { jobs, policies } from "@gasless/db";
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { BacktestInput, BacktestProgress, ClaimedJob, KeptDecision } from "../../../domain/job/job.ts";
import type { NetworkName } from "../../../domain/network.ts";
import type { JobQueuePort } from "../../../ports.ts";
import { type Database, onlyRow, runGuarded } from "../database.ts";

/** Of an import in one transaction: some tens of milliseconds. */
const IMPORTED_ROWS = 1_000;
const PURGE_ROWS = 1_000;

interface ClaimedRow extends Record<string, unknown> {
  readonly id: string;
  readonly project_id: string;
  readonly network: NetworkName;
  readonly kind: "import" | "backtest";
  readonly attempts: number;
  readonly input: BacktestInput | null;
  readonly progress: BacktestProgress;
}

interface DecisionRow extends Record<string, unknown> {
  readonly id: string;
  readonly decided_at: string;
  readonly wallet: string;
  readonly linked: string[];
  readonly policy_version: number | null;
  readonly transaction: Uint8Array;
  readonly code: string | null;
  readonly fee: string | null;
  readonly rent: string | null;
}

const amountOf = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

/** JavaScript's times end at the millisecond: rows are told apart by the database's own text. */
const exactText = (column: SQL) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const toDecision = ({ decided_at, linked, policy_version, fee, rent, ...row }: DecisionRow): KeptDecision => ({
  ...row,
  decidedAt: decided_at,
  linkedWallets: linked,
  policyVersion: policy_version,
  transaction: new Uint8Array(row.transaction),
  fee: amountOf(fee),
  rent: amountOf(rent),
});

/** The job while the lease is the caller's, and nobody has discarded it. */
const isLeased = ({ id, leaseToken }: ClaimedJob) =>
  and(eq(jobs.id, id), eq(jobs.leaseToken, leaseToken), eq(jobs.state, "running"));

const GIVEN_BACK = { leaseToken: null, leaseUntil: null, updatedAt: sql`clock_timestamp()` };

export function createJobQueue(database: Database): JobQueuePort {
  const { run } = database;
  return {
    async claim(leaseToken) {
      const { rows } = await run((db) =>
        db.execute<ClaimedRow>(sql`select id, project_id, network, kind, attempts, progress,
          case kind when 'backtest' then input end as input from claim_job(${leaseToken})`),
      );
      const [row] = rows;
      if (!row) return undefined;
      const { id, project_id: projectId, network, attempts, input, progress } = row;
      const work = input ? { kind: "backtest" as const, input, progress } : { kind: "import" as const };
      return { id, leaseToken, projectId, network, attempts, work };
    },
    async readDueInMs() {
      const { due } = await run(async (db) =>
        onlyRow(
          await db.execute<{ due: number | null }>(sql`
            select (extract(epoch from min(greatest(next_run_at, lease_until)) - now()) * 1000)::float8 as due
              from jobs where state in ('queued', 'running')`),
        ),
      );
      return due ?? undefined;
    },
    importPart: (job) =>
      runGuarded(database, async (db) => {
        const { part } = onlyRow(
          await db.execute<{ part: "more" | "done" | "lost" }>(
            sql`select import_part(${job.id}, ${job.leaseToken}, ${IMPORTED_ROWS}) as part`,
          ),
        );
        return part;
      }),
    async listDecisions({ projectId, network }, { from, until, after }, limit) {
      const { rows } = await run((db) =>
        db.execute<DecisionRow>(sql`select d.id, ${exactText(sql`d.decided_at`)} as decided_at, d.wallet,
            array(select w.wallet from wallets w where w.project_id = d.project_id and w.user_id = d.user_id) as linked,
            d.policy_version, d.transaction, d.code, d.fee::text as fee, d.rent::text as rent
          from decisions d where d.project_id = ${projectId} and d.network = ${network}
            and (d.decided_at, d.id) > (${after?.decidedAt ?? from}::timestamptz, ${after?.id ?? ""})
            and d.decided_at <= ${until}::timestamptz
          order by d.decided_at, d.id limit ${limit}`),
      );
      return rows.map(toDecision);
    },
    async readPolicy({ projectId, network }, version) {
      const [row] = await run((db) =>
        db
          .select({ document: policies.document })
          .from(policies)
          .where(and(eq(policies.projectId, projectId), eq(policies.network, network), eq(policies.version, version))),
      );
      return row?.document;
    },
    async saveBacktest(job, progress, done, result) {
      const saved = await run((db) =>
        db
          .update(jobs)
          .set({
            ...GIVEN_BACK,
            progress,
            attempts: 0,
            error: null,
            nextRunAt: sql`now()`,
            // What is purged meanwhile is not waited for.
            done: result ? sql`${jobs.total}` : sql`least(${jobs.total}, ${done}::integer)`,
            ...(result && { state: "succeeded", result, endedAt: sql`now()` }),
          })
          .where(isLeased(job))
          .returning({ id: jobs.id }),
      );
      return saved.length > 0;
    },
    async failPart(job, end, error) {
      const change =
        "state" in end
          ? { state: end.state, endedAt: sql`now()` }
          : {
              state: "queued" as const,
              nextRunAt: sql`now() + make_interval(secs => ${end.againInSeconds})`,
            };
      await run((db) =>
        db
          .update(jobs)
          .set({ ...GIVEN_BACK, ...change, error: { ...error } })
          .where(isLeased(job)),
      );
    },
    async purge() {
      const { purged } = await run(async (db) =>
        onlyRow(await db.execute<{ purged: number }>(sql`select purge_management(${PURGE_ROWS}) as purged`)),
      );
      return purged;
    },
  };
}

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { ApiTarget } from "@gasless/localnet/api-client";
import type { SeededProject } from "@gasless/db/factories";
import type { Stack } from "@gasless/localnet/testing/stack";
import { createIntent, createUser, expectAccepted, NO_RATE_LIMITS } from "./intents.ts";
import type { Scene } from "./drill.ts";
import { until } from "./support.ts";

/** An address, its note and its end. */
export type Entry = readonly [address: string | null, note: string | null, end: string | null];

export interface StoredJob {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly done: number;
  readonly total: number;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly tookMs: number | null;
}

export const entriesOf = (name: string, count: number): readonly Entry[] =>
  Array.from({ length: count }, (_, index) => [
    createHash("sha256").update(`${name} ${index}`).digest("hex").slice(0, 44),
    `entry ${index}`,
    null,
  ]);

let jobs = 0;

async function queue(
  { database }: Stack,
  { projectId, network }: ApiTarget & SeededProject,
  kind: "import" | "backtest",
  input: string,
  values: readonly unknown[],
): Promise<string> {
  jobs += 1;
  const id = `job_${String(jobs).padStart(26, "0")}`;
  await database.query(
    `insert into jobs (id, project_id, network, kind, label, input, total)
      select $1, $2, $3, $4, 'A drill', input, total from (${input}) given (input, total)`,
    [id, projectId, network, kind, ...values],
  );
  return id;
}

/** Jobs straight in SQL, as the management API leaves them; who does them hears of them by cron. */
export const queueImport = (
  stack: Stack,
  project: ApiTarget & SeededProject,
  entries: readonly Entry[],
  mode: "add" | "replace" = "add",
): Promise<string> => {
  const actor = { kind: "member", id: "usr_drill", name: "solana:drill" };
  const text = JSON.stringify({ list: "denied", mode, entries, actor });
  return queue(stack, project, "import", "select $5::jsonb, $6::integer", [text, entries.length]);
};

export const queueBacktest = (stack: Stack, project: ApiTarget & SeededProject, document: unknown): Promise<string> =>
  queue(
    stack,
    project,
    "backtest",
    `select jsonb_build_object('document', $5::jsonb, 'days', 7, 'from', (now() - interval '7 days')::text,
        'until', now()::text), (select count(*)::integer from decisions where project_id = $2)`,
    [JSON.stringify(document)],
  );

/** A project with so many decisions about one memo, all sponsored. */
export async function createDecided(scene: Scene, count: number): Promise<ApiTarget & SeededProject> {
  const { stack } = scene;
  const project = await stack.createProject({ ...NO_RATE_LIMITS, limits: [] });
  const intent = await createIntent(scene, await createUser(scene, project));
  expectAccepted(await intent.post());
  await until("the decision", async () => {
    const { rowCount } = await stack.database.query(
      `insert into decisions select (jsonb_populate_record(kept.d, jsonb_build_object('id', (kept.d).id || n,
          'relay_id', null, 'decided_at', now() - n * interval '1 second'))).*
        from (select d from decisions d where project_id = $1) kept, generate_series(2, $2) n`,
      [project.projectId, count],
    );
    return rowCount === 0 ? undefined : true;
  });
  return project;
}

export async function readJobs({ database }: Stack, ids: readonly string[]): Promise<readonly StoredJob[]> {
  const { rows } = await database.query<StoredJob>(
    `select id, state, attempts, done, total, result,
        (extract(epoch from ended_at - created_at) * 1000)::float8 as "tookMs"
      from jobs where id = any ($1) order by id`,
    [ids],
  );
  return rows;
}

export const untilJobsEnded = (
  stack: Stack,
  ids: readonly string[],
  patienceMs = 60_000,
): Promise<readonly StoredJob[]> =>
  until(
    "the end of the jobs",
    async () => {
      const found = await readJobs(stack, ids);
      assert.equal(found.length, ids.length);
      return found.every(({ state }) => state !== "queued" && state !== "running") ? found : undefined;
    },
    patienceMs,
  );

/** Nobody here wants to wait for what is waited for in production: leases of the dead, and pauses after a failure. */
export async function endWaits({ database }: Stack): Promise<void> {
  await database.query(
    `update jobs set lease_until = least(lease_until, now()), next_run_at = least(next_run_at, now())
      where state in ('queued', 'running')`,
  );
}

export async function listDenied({ database }: Stack, projectId: string): Promise<readonly unknown[]> {
  const { rows } = await database.query<Record<string, unknown>>(
    `select address, note, expires_at from denied_accounts where project_id = $1 order by address collate "C"`,
    [projectId],
  );
  return rows;
}

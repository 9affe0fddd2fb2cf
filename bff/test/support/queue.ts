import type { Stack } from "./stack.ts";

export interface JobSeed {
  readonly projectId: string;
  readonly network: string;
  readonly kind?: "import" | "backtest";
  readonly input?: unknown;
  readonly total?: number;
}

/** What no attempt can write: an address is needed. */
export const POISON = [[null, null, null]];

export const importOf = (entries: unknown, mode: "add" | "replace" = "add") => ({
  list: "denied",
  mode,
  entries,
  actor: { kind: "member", id: "usr_test", name: "solana:test" },
});

let jobs = 0;

/** A job straight in SQL: nobody is told of it before the worker's cron looks. */
export async function queueJob({ database }: Pick<Stack, "database">, seed: JobSeed): Promise<string> {
  jobs += 1;
  const id = `job_${String(jobs).padStart(26, "0")}`;
  const { projectId, network, kind = "import", input = importOf([]), total = 1 } = seed;
  await database.query(
    `insert into jobs (id, project_id, network, kind, label, input, total) values ($1, $2, $3, $4, 'A test', $5, $6)`,
    [id, projectId, network, kind, JSON.stringify(input), total],
  );
  return id;
}

/** Those that wait for their next attempt have waited. */
export const endBackoff = ({ database }: Pick<Stack, "database">, jobId: string) =>
  database.query("update jobs set next_run_at = now() where id = $1 and state = 'queued'", [jobId]);

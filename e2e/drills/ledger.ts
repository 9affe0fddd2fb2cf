import type { Stack } from "@gasless/localnet/testing/stack";
import { Client } from "pg";
import { until } from "./support.ts";

export interface StoredRelay {
  readonly id: string;
  readonly state: string;
  readonly charged_fee: string | null;
}

const FINAL_STATES: ReadonlySet<string> = new Set(["finalized", "rejected", "failed", "expired"]);

export async function relaysOf({ database }: Stack): Promise<StoredRelay[]> {
  const { rows } = await database.query<StoredRelay>("select id, state, charged_fee from relays order by id");
  return rows;
}

/** Waits for a relay to be in a state, touching nothing. */
export const untilState = (stack: Stack, relayId: string, state: string, patienceMs?: number): Promise<StoredRelay> =>
  until(
    `${state} of ${relayId}`,
    async () => (await relaysOf(stack)).find((relay) => relay.id === relayId && relay.state === state),
    patienceMs,
  );

export interface Usage {
  readonly project_id: string | null;
  readonly subject: string;
  readonly subject_kind: string;
  readonly unit: string;
  readonly used: string;
  readonly held: string;
}

/** Every counter of every limit that is not zero: what a refusal must leave as it is. */
export async function usageOf({ database }: Stack): Promise<Usage[]> {
  const { rows } = await database.query<Usage>(
    `select l.project_id, u.subject, l.subject_kind, l.unit, u.used, u.held from limit_usage u
      join limits l on l.id = u.limit_id where u.used + u.held > 0 order by u.limit_id, u.subject, u.window_start`,
  );
  return rows;
}

/** Lets the time pass after which relays are due and leases have died, then runs the net under the alarms. */
export async function sweepNow({ database, worker }: Stack): Promise<void> {
  await database.query(
    `update relays set next_check_at = clock_timestamp(), lease_until = least(lease_until, clock_timestamp())
     where id in (select id from relays where state in ('received', 'signed', 'submitted', 'confirmed') for update skip locked)`,
  );
  await worker().runScheduled();
}

export const untilAllEnded = (stack: Stack, patienceMs = 30_000): Promise<StoredRelay[]> =>
  until(
    "the end of every relay",
    async () => {
      await sweepNow(stack);
      const relays = await relaysOf(stack);
      return relays.every(({ state }) => FINAL_STATES.has(state)) ? relays : undefined;
    },
    patienceMs,
  );

/** A transaction of the drill's own that keeps rows locked, so that a statement of the worker's waits behind it. */
export async function lockRows({ database }: Stack, statement: string): Promise<() => Promise<void>> {
  const { connectionString } = database.options;
  const client = new Client({ connectionString });
  await client.connect();
  await client.query("begin");
  await client.query(statement);
  return async () => {
    await client.query("rollback");
    await client.end();
  };
}

/** Waits for a statement that calls a function to wait for a lock. */
export const untilBlocked = ({ database }: Stack, functionName: string): Promise<true> =>
  until(
    `the wait of ${functionName}()`,
    async () => {
      const { rowCount } = await database.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
          and pid <> pg_backend_pid() and query like '%' || $1 || '(%'`,
        [functionName],
      );
      return rowCount === 0 ? undefined : true;
    },
    30_000,
  );

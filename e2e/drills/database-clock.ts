import type { Stack } from "@gasless/localnet/testing/stack";
import { Client } from "pg";

/**
 * Puts the clock of a stack's database ahead, for connections that are made from now on: the worker makes one for each
 * request. It is what functions and queries call now(); column defaults keep the machine's.
 */
export async function moveDatabaseClock({ database }: Stack, offsetMs: number): Promise<void> {
  const name = new URL(String(database.options.connectionString)).pathname.slice(1);
  await database.query(
    `create or replace function public.now() returns timestamptz language sql stable
      as $$ select pg_catalog.now() + interval '${offsetMs} milliseconds' $$`,
  );
  // Otherwise PostgreSQL's own functions come first.
  await database.query(`alter database ${name} set search_path = public, pg_catalog`);
}

/** Removes what has outlived its use by the database's clock, as the worker's cron does each minute. */
export async function purgeExpired({ database }: Stack): Promise<void> {
  const { connectionString } = database.options;
  const client = new Client({ connectionString });
  await client.connect();
  await client.query("select purge_expired(1000)");
  await client.end();
}

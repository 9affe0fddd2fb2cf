import { startStack, type Stack, TEMPLATE } from "@gasless/localnet/testing/stack";
import type { PoolClient } from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createBenchProject, DENY_ENTRIES, inForgottenTransaction, reserve } from "./deny-entries.ts";

let stack: Stack;
let client: PoolClient;
beforeAll(async () => {
  stack = await startStack({ postgresUrl: inject("postgresUrl"), template: TEMPLATE });
  client = await stack.database.connect();
});
afterAll(async () => {
  client.release();
  await stack.close();
});

/** What the open transaction has read of the denylist: its scans from end to end, and its entries by the primary key. */
async function readsOfDenylist(): Promise<{ scans: number; entries: number } | undefined> {
  const { rows } = await client.query<{ scans: number; entries: number }>(
    `select pg_stat_get_xact_numscans('denied_accounts'::regclass)::int scans,
      pg_stat_get_xact_tuples_returned('denied_accounts_project_id_network_address_pk'::regclass)::int entries`,
  );
  return rows[0];
}

test("of 10,000 deny entries, a reservation reads none that its keys are not: it does not grow with them", async () => {
  const project = await createBenchProject(stack, DENY_ENTRIES);
  const reads: unknown[] = [];
  await inForgottenTransaction(client, async () => {
    await reserve(client, project, stack.secrets.sponsorAddress);
    reads.push(await readsOfDenylist());
    // Read by less than the whole key they would all be counted: otherwise the line above would say nothing.
    await client.query("set local enable_seqscan = off");
    await client.query("select count(*) from denied_accounts where project_id = $1", [project.target.projectId]);
    reads.push(await readsOfDenylist());
  });
  expect(reads).toEqual([
    { scans: 0, entries: 0 },
    { scans: 0, entries: DENY_ENTRIES },
  ]);
});

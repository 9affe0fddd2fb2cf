import {
  buildTransaction,
  callApi,
  followRelay,
  memoBy,
  postRelay,
  prepareRelay,
  signIn,
} from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readMetrics } from "../support/metrics.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

/** Tables that a request or the sweeper has read from end to end. Counters are written when a backend ends. */
async function fullyScanned(): Promise<string[]> {
  const { connectionString } = stack.database.options;
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ relname: string }>(
    "select relname from pg_stat_user_tables where schemaname = 'public' and seq_scan > 0 order by 1",
  );
  await client.end();
  return rows.map(({ relname }) => relname);
}

test("every query of a sign-in, a relay, a refresh, reading, sign-out, the sweeper, the watchdog and the metrics has its index", async () => {
  const target = await stack.createProject();
  // From here on a table is read whole only where no index could have been used.
  const name = new URL(stack.database.options.connectionString ?? "").pathname.slice(1);
  await stack.database.query(`alter database "${name}" set enable_seqscan = off`);
  await stack.database.query("select pg_stat_reset()");

  const wallet = await createWallet();
  const { accessToken: token, refreshToken } = await signIn(target, wallet);
  const prepared = await prepareRelay(target, token);
  const wire = await buildTransaction(prepared, [memoBy(wallet, "indexed")], [wallet]);
  const { body } = await postRelay(target, token, wire, "one-key");
  await postRelay(target, token, wire, "one-key");
  await followRelay(target, token, body.id);
  await postRelay(target, token, Uint8Array.of(1, 2, 3), "one-key");
  for (const path of ["/v1/relays", "/v1/sessions", "/v1/sessions/current", "/v1/allowance?network=solana:localnet"]) {
    expect((await callApi(target, "GET", path, { token })).status).toBe(200);
  }
  expect((await callApi(target, "POST", "/v1/sessions/refresh", { body: { refreshToken } })).status).toBe(200);
  expect((await callApi(target, "DELETE", "/v1/sessions", { token })).status).toBe(204);
  await stack.worker().runScheduled();
  await readMetrics(stack);

  expect(await fullyScanned()).toEqual([]);

  // The counter sees what has no index: otherwise the line above would say nothing.
  const { connectionString } = stack.database.options;
  const client = new Client({ connectionString });
  await client.connect();
  await client.query("select from users where created_at < now()");
  await client.end();
  expect(await fullyScanned()).toEqual(["users"]);
});

import { demoPolicy } from "@gasless/db/factories";
import { expectStatus } from "@gasless/localnet/api-client";
import { base58 } from "@scure/base";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Job } from "../../../src/contract/manage/jobs.ts";
import { followJob } from "../../support/jobs.ts";
import { type Console, createConsole, type Manager } from "../../support/manage.ts";
import { NETWORK, type Stack, startStack } from "../../support/stack.ts";

let stack: Stack;
let desk: Console;
let developer: Manager;
let projectId: string;
beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
  const organization = await desk.organization();
  developer = await organization.member("developer");
  const project = await stack.createProject();
  await organization.own(project);
  ({ projectId } = project);
  for (const table of ["denied_accounts", "allowed_wallets"]) {
    await stack.database.query(
      `insert into ${table} (project_id, network, address) select $1, $2, 'entry' || n from generate_series(1, 5000) n`,
      [projectId, NETWORK],
    );
  }
});
afterAll(() => stack.close());

const lists = () =>
  ["denylist", "allowlist"].map((list) => `/projects/${projectId}/networks/${encodeURIComponent(NETWORK)}/${list}`);
const read = (path: string) => desk.call<{ nextCursor: string | null }>(developer.token, "GET", path);

async function waitsOf(path: string): Promise<number> {
  const before = stack.sql.counters.waits;
  expectStatus(await read(path), 200);
  return stack.sql.counters.waits - before;
}

test("a page of a list costs three waits for SQL at most, whatever the list's size, and one of jobs two", async () => {
  for (const path of lists()) {
    const { nextCursor } = expectStatus(await read(`${path}?limit=100`), 200);
    for (const query of ["", "?limit=100", "?search=entry49", `?cursor=${nextCursor}`]) {
      expect(await waitsOf(`${path}${query}`)).toBe(3);
    }
  }
  expect(await waitsOf(`/projects/${projectId}/jobs?state=dead&kind=import&limit=100`)).toBe(2);
});

test("lists, imports, backtests and the queue read no table from end to end", async () => {
  const name = new URL(stack.database.options.connectionString ?? "").pathname.slice(1);
  await stack.database.query(`alter database "${name}" set enable_seqscan = off`);
  await stack.database.query("select pg_stat_reset()");
  const started: Job[] = [];
  for (const path of lists()) {
    for (const query of ["", "?search=entry49"]) expectStatus(await read(`${path}${query}`), 200);
    const address = base58.encode(crypto.getRandomValues(new Uint8Array(32)));
    expectStatus(await desk.call(developer.token, "POST", path, { address }), 201);
    const csv = `${address},again`;
    const body = { csv, mode: "replace" };
    started.push(expectStatus(await desk.call<Job>(developer.token, "POST", `${path}/import`, body), 202));
    expectStatus(await desk.call(developer.token, "DELETE", `${path}/${address}`), 204);
  }
  const backtest = { network: NETWORK, days: 30, document: demoPolicy };
  started.push(
    expectStatus(await desk.call<Job>(developer.token, "POST", `/projects/${projectId}/backtests`, backtest), 202),
  );
  for (const { id } of started) {
    expect((await followJob(desk, developer.token, projectId, id)).state).toBe("succeeded");
  }
  expectStatus(await read(`/projects/${projectId}/jobs?state=dead`), 200);
  await stack.worker().runScheduled();
  // Counters are written when a backend ends.
  const { connectionString } = stack.database.options;
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ relname: string }>(
    "select relname from pg_stat_user_tables where schemaname = 'public' and seq_scan > 0 order by 1",
  );
  await client.end();
  expect(rows.map(({ relname }) => relname)).toEqual([]);
});

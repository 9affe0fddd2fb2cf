import { seedId } from "@gasless/db/factories";
import { drizzle } from "drizzle-orm/node-postgres";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../../../src/adapters/sql/database.ts";
import { createManagedRelayQueries } from "../../../src/adapters/sql/manage/relays.ts";
import { createUserQueries } from "../../../src/adapters/sql/manage/users.ts";
import { firstIdAt } from "../../../src/domain/id-time.ts";
import type { RelayFilter } from "../../../src/manage-ports.ts";
import { NETWORK, type Stack, startStack } from "../../support/stack.ts";

/** A million takes minutes to be written: `GASLESS_SEARCH_RELAYS=1000000` asks the same of as many. */
const RELAYS = Number(process.env["GASLESS_SEARCH_RELAYS"] ?? 100_000);
const USERS = RELAYS / 100;
const BATCH = 50_000;
const PROJECT = seedId("prj", "the busy one");
const QUIET = seedId("prj", "the quiet one");
/** One each second, the newest now. */
const START_MS = Date.now() - RELAYS * 1_000;

let stack: Stack;
let client: Client;

const idOf = (prefix: string, number: number): string =>
  `${firstIdAt(prefix, START_MS + number * 1_000).slice(0, -8)}${String(number).padStart(8, "0")}`;
const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);

/** Rows as relays leave them, without their rules: only how they are found is asked here. Each tenth user is another project's. */
async function fill(): Promise<void> {
  const project = `case when n % 10 = 0 then '${QUIET}' else '${PROJECT}' end`;
  const ids = (prefix: string) => numbers(0, USERS).map((number) => idOf(prefix, number));
  await client.query("set session_replication_role = replica");
  await client.query("set synchronous_commit = off");
  await client.query(
    `insert into users (id, project_id) select id, ${project}
      from unnest($1::text[]) with ordinality u (id, place), lateral (select place - 1 as n) x`,
    [ids("usr")],
  );
  await client.query(
    `insert into wallets (project_id, wallet, user_id, budget_subject) select ${project}, 'solana:wallet' || n, id, id
      from unnest($1::text[]) with ordinality u (id, place), lateral (select place - 1 as n) x`,
    [ids("usr")],
  );
  await client.query(
    `insert into sessions (id, project_id, user_id, wallet, network, origin, amr, key_id, idle_expires_at, expires_at)
      select id, ${project}, user_id, 'solana:wallet' || n, '${NETWORK}', 'https://dapp.example', '{message}', 'key',
        now() + interval '1 day', now() + interval '7 days'
      from unnest($1::text[], $2::text[]) with ordinality s (id, user_id, place), lateral (select place - 1 as n) x`,
    [ids("ses"), ids("usr")],
  );
  for (let from = 0; from < RELAYS; from += BATCH) {
    const batch = numbers(from, BATCH);
    const columns = ["rly", "usr", "ses"].map((prefix) =>
      batch.map((number) => idOf(prefix, prefix === "rly" ? number : number % USERS)),
    );
    await client.query(
      `insert into relays (id, project_id, user_id, session_id, network, sponsor, policy_version, state, message_hash,
          transaction, transaction_id, quoted_fee, quoted_rent, charged_fee, charged_rent, lifetime_end_height, slot,
          next_check_at, signed_at, created_at)
        select id, ${project}, user_id, session_id, '${NETWORK}', 'sponsor', 1,
          case when n % 500 = 1 then 'failed' else 'finalized' end, int8send(n), '\\x00', 'transaction' || n,
          5000, 0, 5000, 0, 1, 1, now(), now(), to_timestamp(${START_MS / 1_000} + n)
        from unnest($1::text[], $2::text[], $3::text[]) with ordinality r (id, user_id, session_id, place),
          lateral (select ${from} + place - 1 as n) x`,
      columns,
    );
  }
  await client.query("analyze users, wallets, sessions, relays");
}

beforeAll(async () => {
  stack = await startStack();
  client = new Client({ connectionString: stack.database.options.connectionString });
  await client.connect();
  await fill();
}, 240_000);
afterAll(async () => {
  await client.end();
  await stack.close();
});

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** Every statement that a search has made, with the plan of each as it was really run. */
async function explain(search: (run: Database["run"]) => Promise<unknown>) {
  const statements: { readonly sql: string; readonly params: unknown[] }[] = [];
  const db = drizzle(client, { logger: { logQuery: (sql, params) => void statements.push({ sql, params }) } });
  const found = await search((work) => work(db));
  const plans: PlanNode[] = [];
  for (const { sql, params } of statements) {
    const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
      `explain (analyze, buffers, format json) ${sql}`,
      params,
    );
    plans.push(...rows.map((row) => row["QUERY PLAN"][0].Plan));
  }
  return { found, plans };
}

/** Pages of 8 kB that one search may look at: a million relays fill about fifty thousand. */
const MAX_BLOCKS = 1_500;
/** These grow with traffic; of the others a planner may read a whole one when it is small. */
const LARGE = new Set(["relays", "users"]);

async function expectIndexed(search: (run: Database["run"]) => Promise<unknown>): Promise<unknown> {
  const { found, plans } = await explain(search);
  // With the caller's rights, that makes at most three statements.
  expect(plans.length).toBeLessThanOrEqual(2);
  for (const plan of plans) {
    const scans = nodesOf(plan).filter((node) => node["Node Type"] === "Seq Scan");
    expect(scans.filter((node) => LARGE.has(node["Relation Name"] ?? ""))).toEqual([]);
    expect(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]).toBeLessThan(MAX_BLOCKS);
  }
  return found;
}

const LIMIT = 100;
const searchRelays = (filter: RelayFilter, cursor?: string) =>
  expectIndexed((run) =>
    createManagedRelayQueries({ run }).searchRelays(PROJECT, filter, { limit: LIMIT, cursor }),
  ) as Promise<{ data: { record: { id: string } }[]; nextCursor: string | null }>;

const HOUR_MS = 3_600_000;
const ago = (hours: number): string => new Date(START_MS + RELAYS * 1_000 - hours * HOUR_MS).toISOString();

test.each<[string, RelayFilter, number]>([
  ["everything", {}, LIMIT],
  ["a state", { state: "finalized" }, LIMIT],
  ["a state that is rare", { state: "failed" }, LIMIT],
  ["a state that there is none of", { state: "expired" }, 0],
  ["a network", { network: "solana:localnet" }, LIMIT],
  ["a network that there is none of", { network: "algorand:localnet" }, 0],
  ["a rare state of a network that there is none of", { network: "algorand:localnet", state: "failed" }, 0],
  ["a wallet", { wallet: "solana:wallet1" }, LIMIT],
  ["a wallet of another project", { wallet: "solana:wallet0" }, 0],
  ["a transaction", { transactionId: "transaction77777" }, 1],
  ["a transaction of another project", { transactionId: "transaction77770" }, 0],
  ["three hours of yesterday", { from: ago(24), to: ago(21) }, LIMIT],
  ["a time before there was any", { to: "2020-01-01T00:00:00Z" }, 0],
  [
    "a wallet and a state in the last hours",
    { wallet: "solana:wallet2", state: "finalized", from: ago(20) },
    Math.floor(72_000 / USERS),
  ],
])("a search of relays for %s goes along an index and reads a bounded part of them", async (_what, filter, count) => {
  expect((await searchRelays(filter)).data).toHaveLength(count);
});

test("the last page of many is as near as the first", async () => {
  const first = await searchRelays({});
  expect(first.nextCursor).not.toBeNull();
  const { rows } = await client.query<{ id: string }>(
    "select id from relays where id < $1 order by id limit 1 offset 500",
    [first.nextCursor],
  );
  expect((await searchRelays({}, rows[0]?.id)).data).toHaveLength(LIMIT);
});

test("users are listed and found by their wallet along an index", async () => {
  const search = (wallet?: string) =>
    expectIndexed((run) =>
      createUserQueries({ run, act: () => Promise.reject(new Error("nothing is changed here")) }).searchUsers(
        PROJECT,
        wallet,
        { limit: LIMIT },
      ),
    ) as Promise<{ data: unknown[] }>;
  expect((await search()).data).toHaveLength(LIMIT);
  expect((await search("solana:wallet7")).data).toHaveLength(1);
});

import {
  buildTransaction,
  expectStatus,
  followRelay,
  memoBy,
  postRelay,
  prepareRelay,
  signIn,
} from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Overview } from "../../../src/contract/manage/traffic.ts";
import { type Console, createConsole, type Manager, type Organization } from "../../support/manage.ts";
import { NETWORK, type Stack, startStack } from "../../support/stack.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let stack: Stack;
let desk: Console;
let organization: Organization;
let viewer: Manager;
beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
  organization = await desk.organization();
  viewer = await organization.member("viewer");
});
afterAll(() => stack.close());

const reader = (projectId: string) => async (query: string) =>
  expectStatus(await desk.call<Overview>(viewer.token, "GET", `/projects/${projectId}/overview?${query}`), 200);

async function createOwnProject() {
  const project = await stack.createProject();
  await organization.own(project);
  return { project, read: reader(project.projectId) };
}

/** A project with a user whose relay has landed. */
async function createTraffic() {
  const { project, read } = await createOwnProject();
  const wallet = await createWallet();
  const { accessToken: token } = await signIn(project, wallet);
  const prepared = await prepareRelay(project, token);
  const memo = await buildTransaction(prepared, [memoBy(wallet, crypto.randomUUID())], [wallet]);
  const relay = await followRelay(project, token, expectStatus(await postRelay(project, token, memo), 202).id);
  return { project, read, relayId: relay.id };
}

interface Copies {
  readonly count: number;
  readonly hoursAgo: number;
  readonly state: string;
  readonly seconds?: number;
  readonly fee?: number;
}

/** The same relay again, so many times, as it might have gone at another hour. */
async function copyRelay(relayId: string, { count, hoursAgo, state, seconds = 3, fee = 5_000 }: Copies): Promise<void> {
  const isOpen = ["received", "signed", "submitted", "confirmed"].includes(state);
  await stack.database.query(
    `insert into relays select (jsonb_populate_record(r, jsonb_build_object('id', 'rly_' || gen_random_uuid(), 'state', $3::text,
        'message_hash', '\\x' || encode(sha256(gen_random_uuid()::text::bytea), 'hex'), 'created_at', t.at, 'signed_at', t.at,
        'updated_at', t.at + make_interval(secs => $4), 'charged_fee', case when not $5 then $6::integer end,
        'charged_rent', case when not $5 then 0 end, 'quoted_fee', $6::integer, 'quoted_rent', 0))).*
      from relays r, (select date_trunc('hour', now(), 'UTC') - make_interval(hours => $7) + interval '1 second' as at) t,
        generate_series(1, $2) where r.id = $1`,
    [relayId, count, state, seconds, isOpen, state === "expired" ? 0 : fee, hoursAgo],
  );
}

const refresh = (hoursAgo: number) =>
  stack.database.query("select refresh_usage(now() - make_interval(hours => $1))", [hoursAgo]);

describe("the overview", () => {
  test("of a new project has a network full of zeros, and each hour or day of them", async () => {
    const { read } = await createOwnProject();
    for (const [days, steps, stepMs] of [
      ["1", 24, HOUR_MS],
      ["7", 7, DAY_MS],
      ["30", 30, DAY_MS],
    ] as const) {
      const { networks, users, refusals, from, to } = await read(`days=${days}`);
      expect([users, refusals]).toEqual([{ active: 0, created: 0 }, []]);
      expect(networks).toMatchObject([
        { network: NETWORK, baseUnit: "lamports", relays: 0, fee: "0", landRate: null, confirmSeconds: null },
      ]);
      const at = networks[0]?.series.map((point) => Date.parse(point.at)) ?? [];
      expect(at).toEqual(Array.from({ length: steps }, (_, index) => Date.parse(from) + index * stepMs));
      expect((at.at(-1) ?? 0) % stepMs).toBe(0);
      expect(Date.parse(to) - (at.at(-1) ?? 0)).toBeLessThan(stepMs);
    }
  });

  test("shows what has just happened as soon as the cron has run", async () => {
    const { read } = await createTraffic();
    await stack.worker().runScheduled();
    const { networks, users } = await read("days=1");
    expect(users).toEqual({ active: 1, created: 1 });
    expect(networks).toMatchObject([{ relays: 1, finalized: 1, open: 0, fee: "10000", landRate: 1 }]);
    // An hour may have ended since.
    expect(networks[0]?.series.slice(-2)).toContainEqual(expect.objectContaining({ relays: 1, users: 1 }));
  });

  test("adds up to what is in the ledger, whatever became of the relays", async () => {
    const { project, read, relayId } = await createTraffic();
    await copyRelay(relayId, { count: 6, hoursAgo: 1, state: "finalized", seconds: 1 });
    await copyRelay(relayId, { count: 3, hoursAgo: 2, state: "finalized", seconds: 17 });
    await copyRelay(relayId, { count: 2, hoursAgo: 2, state: "failed", seconds: 100, fee: 7_000 });
    await copyRelay(relayId, { count: 5, hoursAgo: 2, state: "expired" });
    await copyRelay(relayId, { count: 4, hoursAgo: 0, state: "submitted" });
    await copyRelay(relayId, { count: 8, hoursAgo: 1, state: "rejected" });
    for (const hoursAgo of [0, 1, 2, 3]) await refresh(hoursAgo);
    const { networks } = await read("days=7");
    const { rows } = await stack.database.query<Record<string, unknown>>(
      `select count(*)::integer as relays, count(*) filter (where state = 'finalized')::integer as finalized,
        count(*) filter (where state = 'failed')::integer as failed, count(*) filter (where state = 'expired')::integer as expired,
        count(*) filter (where state = 'submitted')::integer as open, sum(coalesce(charged_fee, quoted_fee))::text as fee,
        sum(coalesce(charged_rent, quoted_rent))::text as rent
       from relays where project_id = $1 and state <> 'rejected'`,
      [project.projectId],
    );
    expect(networks).toMatchObject([{ ...rows[0], landRate: 12 / 17, confirmSeconds: { p50: 1, p95: 128 } }]);
    expect(rows[0]).toMatchObject({ relays: 21, finalized: 10 });
    const series = networks[0]?.series ?? [];
    expect(series.reduce((sum, point) => sum + point.relays, 0)).toBe(21);
    expect(series.reduce((sum, point) => sum + BigInt(point.fee), 0n).toString()).toBe(rows[0]?.["fee"]);
  });

  test("counts a refusal by its code, and a user once however many hours they came", async () => {
    const { project, read, relayId } = await createTraffic();
    for (const hoursAgo of [1, 2]) await copyRelay(relayId, { count: 2, hoursAgo, state: "finalized" });
    await stack.database.query(
      `insert into decisions (id, project_id, network, user_id, wallet, transaction, accounts, verdict, code, decided_at)
        select 'req_' || gen_random_uuid(), $1, $2, 'usr_x', 'solana:x', '', '{}', 'refuse', c.code, now()
        from (values ('policy.program_not_allowed', 3), ('budget.user_exhausted', 1)) c(code, count), generate_series(1, c.count)`,
      [project.projectId, NETWORK],
    );
    for (const hoursAgo of [0, 1, 2, 3]) await refresh(hoursAgo);
    const { networks, users, refusals } = await read("days=7");
    expect(users.active).toBe(1);
    expect(refusals).toEqual([
      { code: "policy.program_not_allowed", count: 3 },
      { code: "budget.user_exhausted", count: 1 },
    ]);
    expect(networks).toMatchObject([{ refused: 4, relays: 5 }]);
    expect((await read(`days=7&network=${NETWORK}`)).networks).toEqual(networks);
    expect((await read("days=7&network=solana:devnet")).networks).toEqual([]);
  });

  test("is as exact after a second run, and follows relays that end or were given up", async () => {
    const { project, read, relayId } = await createTraffic();
    await copyRelay(relayId, { count: 3, hoursAgo: 1, state: "submitted" });
    const sums = async () => {
      await refresh(1);
      await refresh(1);
      const { networks } = await read("days=7");
      const { relays, open, finalized } = networks[0] ?? {};
      return { relays, open, finalized };
    };
    await refresh(0);
    expect(await sums()).toEqual({ relays: 4, open: 3, finalized: 1 });
    const open = "project_id = $1 and state = 'submitted'";
    const ended = `update relays set state = 'finalized', charged_fee = 1, charged_rent = 0 where id = (select id from relays where ${open} limit 1)`;
    await stack.database.query(ended, [project.projectId]);
    expect(await sums()).toEqual({ relays: 4, open: 2, finalized: 2 });
    const earlier = "project_id = $1 and created_at < date_trunc('hour', now())";
    await stack.database.query(`delete from relays where ${earlier}`, [project.projectId]);
    expect(await sums()).toEqual({ relays: 1, open: 0, finalized: 1 });
    const users = "select from usage_users where project_id = $1";
    expect((await stack.database.query(users, [project.projectId])).rowCount).toBe(1);
  });
});

test("hours are due three at a time, in an hour's first run those of a day, and after an outage what was missed", async () => {
  const due = async (lastBeat: string | undefined) => {
    await stack.database.query("delete from heartbeats where name = 'usage'");
    if (lastBeat !== undefined) {
      await stack.database.query(`insert into heartbeats (name, beat_at) values ('usage', ${lastBeat})`);
    }
    return (await stack.database.query("select due_usage_hours()")).rowCount;
  };
  expect(await due("now()")).toBe(3);
  expect(await due("date_trunc('hour', now()) - interval '1 minute'")).toBe(28);
  expect(await due("date_trunc('hour', now()) - interval '10 hours'")).toBe(37);
  expect(await due(undefined)).toBe(73);
});

test("hours that nobody is shown any more are forgotten, and younger ones stay", async () => {
  const { project } = await createOwnProject();
  await stack.database.query(
    `insert into usage_users select $1, $2, now() - make_interval(days => d), 'usr_' || d from generate_series(30, 49) d`,
    [project.projectId, NETWORK],
  );
  await stack.worker().runScheduled();
  const left = "select from usage_users where project_id = $1";
  expect((await stack.database.query(left, [project.projectId])).rowCount).toBe(10);
});

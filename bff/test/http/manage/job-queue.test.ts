import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMetrics, valueOf } from "../../support/metrics.ts";
import { importOf, queueJob } from "../../support/queue.ts";
import { NETWORK, type Stack, startStack } from "../../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const createOwnProject = async () => ({ projectId: (await stack.createProject()).projectId, network: NETWORK });
const entriesOf = (count: number) => Array.from({ length: count }, (_, index) => [`address${index}`, null, null]);

async function claim(): Promise<{ readonly id: string; readonly token: string } | undefined> {
  const token = crypto.randomUUID();
  const { rows } = await stack.database.query<{ id: string }>("select id from claim_job($1)", [token]);
  return rows[0] && { id: rows[0].id, token };
}
async function claimed(): Promise<{ readonly id: string; readonly token: string }> {
  const job = await claim();
  if (!job) throw new Error("no job was due");
  return job;
}
async function doPart({ id, token }: { readonly id: string; readonly token: string }): Promise<string | undefined> {
  const { rows } = await stack.database.query<{ part: string }>("select import_part($1, $2, 10) as part", [id, token]);
  return rows[0]?.part;
}
const stateOf = async (id: string) =>
  (
    await stack.database.query<Record<string, unknown>>(
      "select state, done, attempts, result, progress from jobs where id = $1",
      [id],
    )
  ).rows[0];
const endLease = (id: string) =>
  stack.database.query("update jobs set lease_until = now() - interval '1 second' where id = $1", [id]);
const addressesOf = async (table: string, projectId: string): Promise<readonly string[]> => {
  const { rows } = await stack.database.query<{ address: string }>(
    `select address from ${table} where project_id = $1 order by address`,
    [projectId],
  );
  return rows.map(({ address }) => address);
};

/** Does `statement` on one connection while `change` is under way, and not yet there, on another. */
async function during(change: string, statement: string, values: readonly (readonly unknown[])[]): Promise<void> {
  const client = await stack.database.connect();
  await client.query("begin");
  await client.query(change, [...(values[0] ?? [])]);
  const other = stack.database.query(statement, [...(values[1] ?? [])]);
  await expect
    .poll(async () => {
      const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
      return (await stack.database.query(waiting)).rowCount;
    })
    .toBe(1);
  await client.query("commit");
  client.release();
  await other;
}
const emptyQueue = () => stack.database.query("delete from jobs");

describe("the queue", () => {
  test("gives each job to one of many who ask at the same time, and a project has at most two under way", async () => {
    await emptyQueue();
    const [one, other] = [await createOwnProject(), await createOwnProject()];
    for (let count = 0; count < 5; count++) await queueJob(stack, one);
    await queueJob(stack, other);
    const given = (await Promise.all(Array.from({ length: 8 }, claim))).flatMap((job) => (job ? [job.id] : []));
    expect(new Set(given).size).toBe(given.length);
    const { rows } = await stack.database.query<{ running: string }>(
      "select count(*) as running from jobs where lease_until > now() group by project_id order by 1",
    );
    expect(rows.map(({ running }) => running)).toEqual(["1", "2"]);
  });

  test("lets projects take turns, however many jobs one of them has", async () => {
    await emptyQueue();
    const [busy, quiet] = [await createOwnProject(), await createOwnProject()];
    const input = importOf(entriesOf(25));
    for (let count = 0; count < 5; count++) await queueJob(stack, { ...busy, input, total: 25 });
    const first = await claimed();
    await doPart(first);
    const late = await queueJob(stack, { ...quiet, input, total: 25 });
    const turns: string[] = [];
    for (let turn = 0; turn < 6; turn++) {
      const job = await claimed();
      await doPart(job);
      turns.push(job.id === late ? "quiet" : "busy");
    }
    expect(turns).toEqual(["quiet", "busy", "quiet", "busy", "quiet", "busy"]);
  });

  test("counts an attempt when it begins, so that a worker that dies is not followed for ever", async () => {
    await emptyQueue();
    const id = await queueJob(stack, await createOwnProject());
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect((await claimed()).id).toBe(id);
      expect(await stateOf(id)).toMatchObject({ state: "running", attempts: attempt });
      expect(await claim()).toBeUndefined();
      await endLease(id);
    }
  });
});

describe("a part of a job", () => {
  test("that is done by two at the same time is done once", async () => {
    await emptyQueue();
    const project = await createOwnProject();
    const id = await queueJob(stack, { ...project, input: importOf(entriesOf(25)), total: 25 });
    const late = await claimed();
    await endLease(id);
    const early = await claimed();
    const parts = await Promise.all([doPart(early), doPart(late), doPart(early), doPart(late)]);
    expect(parts.toSorted()).toEqual(["lost", "lost", "lost", "more"]);
    expect(await stateOf(id)).toMatchObject({ done: 10, attempts: 0, progress: { position: 10, added: 10 } });
  });

  test("that does not come to its end leaves nothing, and the next one begins at the same place", async () => {
    await emptyQueue();
    const project = await createOwnProject();
    const id = await queueJob(stack, { ...project, input: importOf(entriesOf(15)), total: 15 });
    await doPart(await claimed());
    const before = await stateOf(id);
    const job = await claimed();
    const client = await stack.database.connect();
    await client.query("begin");
    await client.query("select import_part($1, $2, 10)", [job.id, job.token]);
    await client.query("rollback");
    client.release();
    expect(await stateOf(id)).toEqual({ ...before, attempts: 1 });
    await endLease(id);
    expect(await doPart(await claimed())).toBe("done");
    expect(await stateOf(id)).toMatchObject({
      state: "succeeded",
      done: 15,
      result: { kind: "import", added: 15, changed: 0, removed: 0 },
    });
  });

  test("changes nothing any more when its job was discarded meanwhile", async () => {
    await emptyQueue();
    const project = await createOwnProject();
    await queueJob(stack, { ...project, input: importOf(entriesOf(5)), total: 5 });
    const job = await claimed();
    await stack.database.query("update jobs set state = 'discarded', ended_at = now() where id = $1", [job.id]);
    expect(await doPart(job)).toBe("lost");
    const { rows } = await stack.database.query("select from denied_accounts where project_id = $1", [
      project.projectId,
    ]);
    expect(rows).toEqual([]);
  });
});

test("what has outlived its use goes: expired entries of both lists, and jobs a month after their end", async () => {
  await emptyQueue();
  const { projectId, network } = await createOwnProject();
  for (const table of ["denied_accounts", "allowed_wallets"]) {
    await stack.database.query(
      `insert into ${table} (project_id, network, address, expires_at)
        values ($1, $2, 'over', now()), ($1, $2, 'open', now() + interval '1 hour'), ($1, $2, 'endless', null)`,
      [projectId, network],
    );
  }
  const [old, recent] = [await queueJob(stack, { projectId, network }), await queueJob(stack, { projectId, network })];
  await stack.database.query(
    "update jobs set state = 'succeeded', ended_at = now() - interval '1 day' * case id when $1 then 31 else 29 end",
    [old],
  );
  await stack.worker().runScheduled();
  const { rows } = await stack.database.query<{ id: string }>("select id from jobs");
  expect(rows).toEqual([{ id: recent }]);
  for (const table of ["denied_accounts", "allowed_wallets"]) {
    expect(await addressesOf(table, projectId)).toEqual(["endless", "open"]);
  }
});

test.each(["denied_accounts", "allowed_wallets"])(
  "an entry of %s that is renewed while the expired ones are taken out stays",
  async (table) => {
    const { projectId, network } = await createOwnProject();
    await stack.database.query(
      `insert into ${table} (project_id, network, address, expires_at)
        values ($1, $2, 'over', now()), ($1, $2, 'renewed', now())`,
      [projectId, network],
    );
    const renew = `update ${table} set expires_at = now() + interval '1 hour' where project_id = $1 and address = 'renewed'`;
    await during(renew, "select purge_management(100)", [[projectId]]);
    expect(await addressesOf(table, projectId)).toEqual(["renewed"]);
  },
);

describe("a list that is replaced", () => {
  const deny = (projectId: string, ...addresses: readonly string[]) =>
    stack.database.query(
      "insert into denied_accounts (project_id, network, address) select $1, $2, unnest($3::text[])",
      [projectId, NETWORK, addresses],
    );
  const setLimit = (limit: number) =>
    stack.database.query(`create or replace function list_limit() returns integer language sql as 'select ${limit}'`);

  test("keeps what somebody is naming anew by hand while the rest is taken out", async () => {
    await emptyQueue();
    const { projectId, network } = await createOwnProject();
    await deny(projectId, "again", "old");
    const id = await queueJob(stack, { projectId, network, input: importOf(entriesOf(1), "replace"), total: 3 });
    expect(await doPart(await claimed())).toBe("more");
    const job = await claimed();
    expect(job.id).toBe(id);
    await during(
      `insert into denied_accounts (project_id, network, address) values ($1, $2, 'again')
        on conflict (project_id, network, address) do update set created_at = now()`,
      "select import_part($1, $2, 10)",
      [
        [projectId, network],
        [job.id, job.token],
      ],
    );
    expect(await stateOf(id)).toMatchObject({ state: "succeeded", result: { removed: 1 } });
    expect(await addressesOf("denied_accounts", projectId)).toEqual(["address0", "again"]);
  });

  test("is replaced whole when it is full, and has every old entry until it has every new one", async () => {
    await emptyQueue();
    const { projectId, network } = await createOwnProject();
    const old = Array.from({ length: 25 }, (_, index) => `old${index}`);
    await deny(projectId, ...old);
    const id = await queueJob(stack, { projectId, network, input: importOf(entriesOf(25), "replace"), total: 50 });
    await setLimit(25);
    try {
      for (let part = 0; part < 3; part++) {
        expect(await doPart(await claimed())).toBe("more");
        expect(await addressesOf("denied_accounts", projectId)).toEqual(expect.arrayContaining(old));
      }
      await expect(deny(projectId, "one more")).rejects.toMatchObject({ code: "GL022" });
      while ((await doPart(await claimed())) === "more");
    } finally {
      await setLimit(200_000);
    }
    expect(await stateOf(id)).toMatchObject({ state: "succeeded", result: { added: 25, changed: 0, removed: 25 } });
    expect((await addressesOf("denied_accounts", projectId)).filter((address) => old.includes(address))).toEqual([]);
  });

  test("keeps every entry as it was when what it would hold at the end is too much", async () => {
    await emptyQueue();
    const { projectId, network } = await createOwnProject();
    await deny(projectId, "address0", "old");
    await queueJob(stack, { projectId, network, input: importOf(entriesOf(25), "replace"), total: 27 });
    await deny(projectId, "late");
    const before = await addressesOf("denied_accounts", projectId);
    await setLimit(25);
    try {
      await expect(doPart(await claimed())).rejects.toMatchObject({ code: "GL022" });
      expect(await addressesOf("denied_accounts", projectId)).toEqual(before);
      await setLimit(26);
      await endLease((await stack.database.query<{ id: string }>("select id from jobs")).rows[0]?.id ?? "");
      expect(await doPart(await claimed())).toBe("more");
    } finally {
      await setLimit(200_000);
    }
  });
});

test("a dead letter wakes the operator until somebody discards it, or for a day", async () => {
  await emptyQueue();
  const id = await queueJob(stack, await createOwnProject());
  const openAlerts = async () => {
    await stack.worker().runScheduled();
    const { rows } = await stack.database.query("select kind, subject, context from alerts where resolved_at is null");
    return rows;
  };
  const end = (state: string, ago: string) =>
    stack.database.query("update jobs set state = $2, ended_at = now() - $3::interval where id = $1", [id, state, ago]);
  const told = [{ kind: "job.dead", subject: "deployment", context: { dead: 1, deadLately: 1 } }];
  await end("dead", "23 hours");
  expect(await openAlerts()).toEqual(told);
  await end("dead", "25 hours");
  expect(await openAlerts()).toEqual([]);
  await end("dead", "1 minute");
  expect(await openAlerts()).toEqual(told);
  await end("discarded", "0");
  expect(await openAlerts()).toEqual([]);
});

test("dead letters and the wait of what is due are measured", async () => {
  await emptyQueue();
  const project = await createOwnProject();
  const [dead, late, leased] = [
    await queueJob(stack, project),
    await queueJob(stack, project),
    await queueJob(stack, project),
  ];
  await stack.database.query(
    `update jobs set state = case id when $1 then 'dead' else state end, ended_at = case id when $1 then now() end,
      next_run_at = now() - interval '100 seconds', lease_until = case id when $2 then now() + interval '30 seconds' end`,
    [dead, leased],
  );
  const samples = await readMetrics(stack);
  expect(valueOf(samples, "gasless_jobs_dead")).toBe(1);
  expect(valueOf(samples, "gasless_jobs_oldest_due_age_seconds")).toBeGreaterThanOrEqual(100);
  await stack.database.query("update jobs set state = 'running' where id = $1", [late]);
  await emptyQueue();
  expect(valueOf(await readMetrics(stack), "gasless_jobs_oldest_due_age_seconds")).toBe(0);
});

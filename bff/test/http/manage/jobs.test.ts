import { expectStatus } from "@gasless/localnet/api-client";
import { base58 } from "@scure/base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Job } from "../../../src/contract/manage/jobs.ts";
import { followJob, readJob } from "../../support/jobs.ts";
import { type Console, createConsole, type Manager, type Organization } from "../../support/manage.ts";
import { expectProblem } from "../../support/problems.ts";
import { endBackoff, importOf, POISON, queueJob } from "../../support/queue.ts";
import { NETWORK, type Stack, startStack } from "../../support/stack.ts";

let stack: Stack;
let desk: Console;
let organization: Organization;
let developer: Manager;
beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
  organization = await desk.organization();
  developer = await organization.member("developer");
});
afterAll(() => stack.close());

async function createOwnProject(): Promise<{ readonly projectId: string; readonly network: string }> {
  const project = await stack.createProject();
  await organization.own(project);
  return { projectId: project.projectId, network: NETWORK };
}

interface JobPage {
  readonly data: readonly Job[];
  readonly nextCursor: string | null;
}
const list = async (projectId: string, query = "", token = developer.token) =>
  expectStatus(await desk.call<JobPage>(token, "GET", `/projects/${projectId}/jobs${query}`), 200);

const randomAddress = (): string => base58.encode(crypto.getRandomValues(new Uint8Array(32)));
const change = (projectId: string, jobId: string, verb: "retry" | "discard", token = developer.token) =>
  verb === "retry"
    ? desk.call<Job>(token, "POST", `/projects/${projectId}/jobs/${jobId}/retry`, {})
    : desk.call<Job>(token, "DELETE", `/projects/${projectId}/jobs/${jobId}`);

/** One attempt after the other, without the waits between them, until the job has ended. */
async function exhaust(projectId: string, jobId: string): Promise<Job> {
  await stack.worker().runScheduled();
  for (let attempt = 1; attempt < 5; attempt++) {
    await expect.poll(async () => (await readJob(desk, developer.token, projectId, jobId)).attempts).toBe(attempt);
    await expect.poll(async () => (await readJob(desk, developer.token, projectId, jobId)).state).toBe("queued");
    await endBackoff(stack, jobId);
    await stack.worker().runScheduled();
  }
  return followJob(desk, developer.token, projectId, jobId);
}

test("jobs are listed newest first, by state and kind, page by page", async () => {
  const project = await createOwnProject();
  const ids: string[] = [];
  for (let count = 0; count < 3; count++) ids.push(await queueJob(stack, project));
  const backtest = await queueJob(stack, { ...project, kind: "backtest" });
  await stack.database.query("update jobs set state = 'dead' where id = $1", [ids[0]]);
  const { projectId } = project;
  const idsOf = ({ data }: JobPage) => data.map(({ id }) => id);
  expect(idsOf(await list(projectId))).toEqual([backtest, ...ids.toReversed()]);
  expect(idsOf(await list(projectId, "?state=dead"))).toEqual([ids[0]]);
  expect(idsOf(await list(projectId, "?kind=backtest"))).toEqual([backtest]);
  const first = await list(projectId, "?limit=3");
  expect(first.nextCursor).not.toBeNull();
  const second = await list(projectId, `?limit=3&cursor=${first.nextCursor}`);
  expect([...idsOf(first), ...idsOf(second)]).toEqual([backtest, ...ids.toReversed()]);
  expect(second.nextCursor).toBeNull();
  await stack.database.query("delete from jobs where project_id = $1", [projectId]);
});

describe("a poison job", () => {
  test("is tried five times, each later, and is then a dead letter whose cause stays in the log", async () => {
    const { projectId, network } = await createOwnProject();
    const jobId = await queueJob(stack, { projectId, network, input: importOf(POISON) });
    const dead = await exhaust(projectId, jobId);
    expect(dead).toMatchObject({ state: "dead", attempts: 5, endedAt: expect.any(String) as string });
    expect(JSON.stringify(dead)).not.toMatch(/null value|constraint|relation/);
    expect(dead.error?.detail).toContain("5 times");
    const line = stack.log.find((text) => text.includes("job.dead") && text.includes(jobId));
    expect(line).toContain("null value");
    expect((await list(projectId, "?state=dead")).data).toHaveLength(1);
  });

  test("waits longer after each attempt", async () => {
    const { projectId, network } = await createOwnProject();
    const jobId = await queueJob(stack, { projectId, network, input: importOf(POISON) });
    const waits: number[] = [];
    for (let attempt = 1; attempt < 5; attempt++) {
      await stack.worker().runScheduled();
      await expect.poll(async () => (await readJob(desk, developer.token, projectId, jobId)).attempts).toBe(attempt);
      await expect.poll(async () => (await readJob(desk, developer.token, projectId, jobId)).state).toBe("queued");
      const { rows } = await stack.database.query<{ waits: number }>(
        "select extract(epoch from next_run_at - updated_at)::float8 as waits from jobs where id = $1",
        [jobId],
      );
      waits.push(Math.round(rows[0]?.waits ?? 0));
      await endBackoff(stack, jobId);
    }
    expect(waits).toEqual([5, 30, 120, 600]);
  });

  test("delays nobody else's job, nor one of its own project", async () => {
    const poisoned = await createOwnProject();
    for (let count = 0; count < 3; count++) await queueJob(stack, { ...poisoned, input: importOf(POISON) });
    const others = [poisoned, await createOwnProject(), await createOwnProject()];
    const healthy = await Promise.all(
      others.map(async (project) => ({
        ...project,
        id: await queueJob(stack, { ...project, input: importOf([[randomAddress(), null, null]]) }),
      })),
    );
    await stack.worker().runScheduled();
    for (const { projectId, id } of healthy) {
      const { state, createdAt, endedAt } = await followJob(desk, developer.token, projectId, id);
      expect(state).toBe("succeeded");
      expect(Date.parse(endedAt ?? "") - Date.parse(createdAt)).toBeLessThan(4_000);
    }
    expect((await list(poisoned.projectId, "?state=queued")).data).toHaveLength(3);
  });

  test("of which the worker dies each time ends as a dead letter, too", async () => {
    const { projectId, network } = await createOwnProject();
    const jobId = await queueJob(stack, { projectId, network, input: importOf([[randomAddress(), null, null]]) });
    await stack.database.query(
      "update jobs set state = 'running', attempts = 5, lease_token = gen_random_uuid(), lease_until = now() where id = $1",
      [jobId],
    );
    await stack.worker().runScheduled();
    expect((await followJob(desk, developer.token, projectId, jobId)).state).toBe("dead");
  });

  test("goes on where it stopped when it is retried, and changes nothing twice", async () => {
    const { projectId, network } = await createOwnProject();
    const entries = Array.from({ length: 1_001 }, () => [randomAddress(), null, null] as (string | null)[]);
    const poisoned = [...entries.slice(0, 1_000), POISON[0]];
    const jobId = await queueJob(stack, { projectId, network, input: importOf(poisoned), total: 1_001 });
    const dead = await exhaust(projectId, jobId);
    expect(dead).toMatchObject({ state: "dead", done: 1_000 });
    await stack.database.query("update jobs set input = $2 where id = $1", [jobId, JSON.stringify(importOf(entries))]);
    const retried = expectStatus(await change(projectId, jobId, "retry"), 202);
    expect(retried).toMatchObject({ state: "queued", attempts: 0, error: null, endedAt: null });
    const ended = await followJob(desk, developer.token, projectId, jobId);
    expect(ended).toMatchObject({ state: "succeeded", result: { added: 1_001, changed: 0 } });
  });
});

test("a dead import is not retried into another one of the same list, nor beside one of itself", async () => {
  const { projectId, network } = await createOwnProject();
  const [dead, open] = [await queueJob(stack, { projectId, network }), await queueJob(stack, { projectId, network })];
  await stack.database.query(
    `update jobs set state = case id when $1 then 'dead' else 'queued' end, next_run_at = now() + interval '1 hour',
      ended_at = case id when $1 then now() end where id in ($1, $2)`,
    [dead, open],
  );
  const { context } = expectProblem(await change(projectId, dead, "retry"), 409, "manage.conflict");
  expect(context).toEqual({ jobId: open });
  expect((await readJob(desk, developer.token, projectId, dead)).state).toBe("dead");
  expectStatus(await change(projectId, open, "discard"), 200);
  const retries = await Promise.all([change(projectId, dead, "retry"), change(projectId, dead, "retry")]);
  expect(retries.map(({ status }) => status)).toEqual(expect.arrayContaining([202, 409]));
  await followJob(desk, developer.token, projectId, dead);
});

describe("a job is discarded", () => {
  test("before it has begun, and never runs", async () => {
    const { projectId, network } = await createOwnProject();
    const address = randomAddress();
    const jobId = await queueJob(stack, { projectId, network, input: importOf([[address, null, null]]) });
    expect(expectStatus(await change(projectId, jobId, "discard"), 200).state).toBe("discarded");
    await stack.worker().runScheduled();
    const other = await queueJob(stack, { projectId, network, input: importOf([[randomAddress(), null, null]]) });
    await stack.worker().runScheduled();
    await followJob(desk, developer.token, projectId, other);
    expect((await readJob(desk, developer.token, projectId, jobId)).state).toBe("discarded");
    const { rows } = await stack.database.query("select from denied_accounts where address = $1", [address]);
    expect(rows).toEqual([]);
  });

  test("once: what has ended is neither discarded nor retried", async () => {
    const { projectId, network } = await createOwnProject();
    const jobId = await queueJob(stack, { projectId, network });
    for (const state of ["succeeded", "failed", "discarded"]) {
      await stack.database.query("update jobs set state = $2, ended_at = now() where id = $1", [jobId, state]);
      for (const verb of ["retry", "discard"] as const) {
        expectProblem(await change(projectId, jobId, verb), 409, "manage.conflict");
      }
    }
    await stack.database.query("update jobs set state = 'queued', ended_at = null where id = $1", [jobId]);
    expectProblem(await change(projectId, jobId, "retry"), 409, "manage.conflict");
    await stack.database.query("delete from jobs where id = $1", [jobId]);
  });

  test("in the name of who did it", async () => {
    const { projectId, network } = await createOwnProject();
    const jobId = await queueJob(stack, { projectId, network });
    expectStatus(await change(projectId, jobId, "discard"), 200);
    const { rows } = await stack.database.query<{ actor: unknown }>(
      `select entry::jsonb -> 'actor' as actor from audit_entries
        where chain = $1 and entry::jsonb ->> 'action' = 'job.changed'`,
      [projectId],
    );
    expect(rows).toEqual([{ actor: { kind: "member", id: developer.userId, name: developer.wallet } }]);
  });
});

describe("the jobs of a project", () => {
  test("cannot be seen or moved by another organization, another project's key, a viewer or a key without the scope", async () => {
    const { projectId, network } = await createOwnProject();
    const other = await createOwnProject();
    const jobId = await queueJob(stack, { projectId, network });
    const stranger = await (await desk.organization("Others")).member("owner");
    const otherKey = await organization.key(other.projectId, ["jobs:read", "jobs:write"]);
    const viewer = await organization.member("viewer");
    const reader = await organization.key(projectId, ["jobs:read"]);
    for (const verb of ["retry", "discard"] as const) {
      for (const token of [stranger.token, otherKey]) {
        expectProblem(await change(projectId, jobId, verb, token), 404, "request.not_found");
      }
      expectProblem(await change(other.projectId, jobId, verb, otherKey), 404, "request.not_found");
      for (const token of [viewer.token, reader]) {
        expectProblem(await change(projectId, jobId, verb, token), 403, "auth.scope_missing");
      }
    }
    const path = `/projects/${other.projectId}/jobs/${jobId}`;
    expectProblem(await desk.call(otherKey, "GET", path), 404, "request.not_found");
    expect((await list(other.projectId, "", otherKey)).data).toEqual([]);
    for (const token of [viewer.token, reader]) expect((await list(projectId, "", token)).data).toHaveLength(1);
    await stack.database.query("delete from jobs where id = $1", [jobId]);
  });

  test("are at most twenty that have not ended", async () => {
    const { projectId, network } = await createOwnProject();
    const path = `/projects/${projectId}/networks/${encodeURIComponent(network)}/denylist/import`;
    // None of them is an import of the list, which would be refused for another reason.
    for (let count = 0; count < 20; count++) await queueJob(stack, { projectId, network, kind: "backtest" });
    await stack.database.query("update jobs set next_run_at = now() + interval '1 hour' where project_id = $1", [
      projectId,
    ]);
    const answer = await desk.call(developer.token, "POST", path, { csv: randomAddress() });
    expect(expectProblem(answer, 409, "manage.conflict").detail).toContain("at most 20 jobs");
    await stack.database.query("delete from jobs where project_id = $1", [projectId]);
    expectStatus(await desk.call(developer.token, "POST", path, { csv: randomAddress() }), 202);
  });
});

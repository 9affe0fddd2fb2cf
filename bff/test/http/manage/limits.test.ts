import { readFileSync } from "node:fs";
import { expectStatus } from "@gasless/localnet/api-client";
import { untilRoomInMinute } from "@gasless/localnet/testing/minute";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Console, createConsole, type Organization } from "../../support/manage.ts";
import { expectProblem } from "../../support/problems.ts";
import { type Stack, startStack } from "../../support/stack.ts";

const ROOM_MS = 20_000;
/** Calls that are under way side by side. */
const SIDE_BY_SIDE = 12;

let stack: Stack;
let desk: Console;
let organization: Organization;
beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
  organization = await desk.organization();
});
afterAll(() => stack.close());

const permissions = readFileSync(new URL("../../../../docs/permissions.md", import.meta.url), "utf8");
const documented = (name: string): number =>
  Number(new RegExp(`\`${name}\` ([0-9]+)`).exec(permissions)?.[1] ?? expect.fail(name));

async function createOwnProject(): Promise<string> {
  const { projectId } = await stack.createProject();
  await organization.own({ projectId });
  return projectId;
}

/** A heavy call that asks nothing. */
const ask = (token: string, projectId: string) => desk.call(token, "POST", `/projects/${projectId}/explain`, {});

/** So many of them; gives their statuses. */
async function askOften(token: string, projectId: string, count: number): Promise<readonly number[]> {
  const turns = Array.from({ length: count }).keys();
  const statuses: number[] = [];
  const lane = async (): Promise<void> => {
    for (const _ of turns) statuses.push((await ask(token, projectId)).status);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  return statuses;
}

const areAll = (status: number, count: number) => Array.from({ length: count }, () => status);

describe("a key that makes itself more keys", () => {
  test(
    "has no more heavy calls by them, nor has a member beside it; another project has all of its own",
    { timeout: 60_000 },
    async () => {
      const [projectId, neighbour] = [await createOwnProject(), await createOwnProject()];
      const together = documented("heavy-shared");
      const keys = [1, 2, 3].map(() => organization.key(projectId, ["policies:read"]));
      const [first = "", second = "", third = ""] = await Promise.all(keys);
      const { token } = await organization.member("developer");
      const elsewhere = await organization.key(neighbour, ["policies:read"]);
      const powerless = await organization.key(projectId, ["audit:read"]);
      await untilRoomInMinute(ROOM_MS);
      // Who may not, takes nothing of what the others share.
      expect(await askOften(elsewhere, projectId, 20)).toEqual(areAll(404, 20));
      expect(await askOften(powerless, projectId, 20)).toEqual(areAll(403, 20));
      const share = together / 3;
      for (const key of [first, second, third])
        expect(await askOften(key, projectId, share)).toEqual(areAll(422, share));
      for (const caller of [first, third, token]) {
        const refused = await ask(caller, projectId);
        const { context } = expectProblem(refused, 429, "rate.limited");
        expect(context).toEqual({ limit: "manage-heavy-shared", perMinute: together });
        expect(refused.headers.get("ratelimit-policy")).toBe(`"manage-heavy-shared";q=${together};w=60`);
      }
      expectStatus(await desk.call(token, "GET", `/projects/${projectId}`), 200);
      expect((await ask(elsewhere, neighbour)).status).toBe(422);
    },
  );
});

describe("that a key was used", () => {
  /** The row's versions: a lock alone would change them. */
  const readUse = async (keyId: string) =>
    (
      await stack.database.query<{ used: boolean }>(
        `select used_at > now() - interval '10 minutes' as used, xmin::text, xmax::text, ctid::text from key_uses
          where key_id = $1`,
        [keyId],
      )
    ).rows[0];
  const createKey = async (projectId: string) => {
    const key = await organization.key(projectId, ["project:read", "policies:read"]);
    const { rows } = await stack.database.query<{ id: string }>(
      "select id from project_keys where project_id = $1 and kind = 'secret' order by id desc limit 1",
      [projectId],
    );
    return { key, id: rows[0]?.id ?? "" };
  };
  /** By now whatever an earlier call of another key had to write is written. */
  const awaitNote = async (projectId: string): Promise<void> => {
    const { key, id } = await createKey(projectId);
    expectStatus(await desk.call(key, "GET", `/projects/${projectId}`), 200);
    await expect.poll(async () => (await readUse(id))?.used).toBe(true);
  };

  test("is written once a minute, however often it calls", async () => {
    const projectId = await createOwnProject();
    const { key, id } = await createKey(projectId);
    const read = async () => expectStatus(await desk.call(key, "GET", `/projects/${projectId}`), 200);
    await read();
    await expect.poll(async () => (await readUse(id))?.used).toBe(true);
    const noted = await readUse(id);
    for (let turn = 0; turn < 5; turn++) await read();
    await awaitNote(projectId);
    expect(await readUse(id)).toEqual(noted);
    await stack.database.query("update key_uses set used_at = now() - interval '11 minutes' where key_id = $1", [id]);
    await read();
    await expect.poll(async () => (await readUse(id))?.used).toBe(true);
  });

  test(
    "is not written of a call that is one too many: a flood of them costs no write",
    { timeout: 60_000 },
    async () => {
      const projectId = await createOwnProject();
      const { key, id } = await createKey(projectId);
      const own = documented("heavy");
      await untilRoomInMinute(ROOM_MS);
      expect(await askOften(key, projectId, own)).toEqual(areAll(422, own));
      await expect.poll(async () => (await readUse(id))?.used).toBe(true);
      await stack.database.query("update key_uses set used_at = now() - interval '1 day' where key_id = $1", [id]);
      const before = await readUse(id);
      expect(await askOften(key, projectId, 5)).toEqual(areAll(429, 5));
      await awaitNote(projectId);
      expect(await readUse(id)).toEqual(before);
    },
  );
});

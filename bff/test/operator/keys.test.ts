import { callApi, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase } from "../../src/adapters/sql/database.ts";
import { asOperator, UsageError } from "../../src/entry/operator/installation.ts";
import { runKeys } from "../../src/entry/operator/keys.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

/** Runs a command as `npm run` would, in this process. */
async function run(...args: readonly string[]): Promise<{ code: number; out: string }> {
  const databaseUrl = stack.database.options.connectionString ?? "";
  const database = createDatabase(databaseUrl);
  const lines: string[] = [];
  try {
    const installation = { databaseUrl, variables: {} };
    const code = await runKeys(asOperator(database, "alice"), installation, args, (line) => void lines.push(line));
    return { code, out: lines.join("\n") };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, out: error.message };
  } finally {
    await database.close();
  }
}

describe("npm run keys", () => {
  test("rolls a key without a refused call: both are good until the old one is revoked", async () => {
    const target = await stack.createProject();
    const tokens = await signIn(target, await createWallet());
    const { code, out: publishableKey } = await run("add", target.projectId);
    expect([code, publishableKey]).toEqual([0, expect.stringMatching(/^pk_test_[0-9A-Za-z]{30}$/)]);
    const rolled = { ...target, publishableKey };
    for (const each of [target, rolled]) expect((await callApi(each, "GET", "/v1/config")).status).toBe(200);

    const body = { refreshToken: tokens.refreshToken };
    expect((await callApi(rolled, "POST", "/v1/sessions/refresh", { body })).status).toBe(200);
    const revoked = await run("revoke", target.projectId, target.publishableKey);
    expect(revoked).toEqual({ code: 0, out: `${target.keyId} is revoked.` });
    await expect.poll(async () => (await callApi(target, "GET", "/v1/config")).status, { timeout: 10_000 }).toBe(401);
    expect((await callApi(rolled, "GET", "/v1/config")).status).toBe(200);
  });

  test("ends a key at once that would have opened for a while yet, and tells secret keys from others", async () => {
    const target = await stack.createProject();
    await stack.database.query("update project_keys set revoked_at = now() + interval '1 day' where id = $1", [
      target.keyId,
    ]);
    const secret = `key_${"0".repeat(26)}`;
    await stack.database.query(
      `insert into project_keys (id, project_id, kind, name, scopes, key_hash, last_four)
        values ($1, $2, 'secret', 'Backend', '{keys:read,jobs:read}', '\\x07', 'wxyz')`,
      [secret, target.projectId],
    );
    const { out } = await run("list", target.projectId);
    expect(out).toMatch(new RegExp(`^${target.keyId}  .*  active, ends \\S+Z$`, "m"));
    expect(out).toMatch(new RegExp(`^${secret}  …wxyz  .*  active  secret \\(keys:read jobs:read\\) Backend$`, "m"));
    const revoked = await run("revoke", target.projectId, target.keyId);
    expect(revoked.out).toContain("It was the last one");
    expect((await run("list", target.projectId)).out).toMatch(new RegExp(`^${target.keyId}  .*  revoked \\S+Z$`, "m"));
    expect(await run("revoke", target.projectId, secret)).toMatchObject({ code: 0 });
  });

  test("lists keys without anything that could be used, and says when the last one went", async () => {
    const target = await stack.createProject();
    const { out: key } = await run("add", target.projectId);
    const { out: listed } = await run("list", target.projectId);
    expect(listed.split("\n")).toEqual([
      expect.stringMatching(new RegExp(`^key_\\S+  …${key.slice(-4)}  since \\S+Z  active$`)),
      expect.stringMatching(new RegExp(`^${target.keyId}  …\\S{4}  since \\S+Z  active$`)),
    ]);
    expect(listed).not.toContain(key);
    const { rows } = await stack.database.query("select to_jsonb(k)::text as row from project_keys k");
    expect(JSON.stringify(rows)).not.toContain(key);
    expect(await run("revoke", target.projectId, target.keyId)).toMatchObject({ code: 0 });
    const [id = ""] = listed.split("  ");
    expect((await run("revoke", target.projectId, id)).out).toContain("It was the last one");
    expect((await run("list", target.projectId)).out).toMatch(/  revoked \S+Z$/m);
  });

  test("does not touch another project's key, nor one that is revoked already", async () => {
    const [own, other] = [await stack.createProject(), await stack.createProject()];
    expect(await run("revoke", own.projectId, other.keyId)).toMatchObject({ code: 1 });
    expect(await run("revoke", own.projectId, other.publishableKey)).toMatchObject({ code: 1 });
    expect((await callApi(other, "GET", "/v1/config")).status).toBe(200);
    await run("revoke", own.projectId, own.keyId);
    expect(await run("revoke", own.projectId, own.keyId)).toMatchObject({ code: 1 });
  });

  test("names the environment of its project in the key", async () => {
    const { projectId } = await stack.createProject({ environment: "live" });
    expect((await run("add", projectId)).out).toMatch(/^pk_live_/);
  });

  test.each([
    [[], "Which command?"],
    [["add"], "Of which project?"],
    [["burn", "prj_1"], "There is no command burn: there are list, add, revoke."],
    [["list", "prj_nobody"], "There is no project prj_nobody."],
    [["add", "prj_nobody", "pk_test_mine"], "pk_test_mine is one word too many."],
  ])("refuses what makes no sense: %j", async (args, expected) => {
    expect(await run(...args)).toEqual({ code: 2, out: expected });
  });

  test("asks which key it is to revoke", async () => {
    const { projectId } = await stack.createProject();
    expect(await run("revoke", projectId)).toEqual({ code: 2, out: "Which key?" });
  });
});

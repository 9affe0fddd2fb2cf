import { callApi, expectStatus, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CreatedKey, ProjectKey } from "../../../src/contract/manage/projects.ts";
import { type Console, createConsole, type Organization } from "../../support/manage.ts";
import { expectProblem } from "../../support/problems.ts";
import { type Stack, startStack } from "../../support/stack.ts";

let stack: Stack;
let desk: Console;
let organization: Organization;
beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
  organization = await desk.organization();
});
afterAll(() => stack.close());

async function createOwnProject() {
  const project = await stack.createProject();
  await organization.own(project);
  return project;
}

interface KeyPage {
  readonly data: readonly ProjectKey[];
}

describe("a secret key", () => {
  test("is shown once, kept as a hash, and found by secret scanners", async () => {
    const project = await createOwnProject();
    const admin = await organization.member("admin");
    const wanted = { kind: "secret", name: "Backend", scopes: ["project:read"] };
    const made = expectStatus(
      await desk.call<CreatedKey>(admin.token, "POST", `/projects/${project.projectId}/keys`, wanted),
      201,
    );
    expect(made.key).toMatch(/^sk_test_[A-Za-z0-9]{30}$/);
    expect(made.lastFour).toBe(made.key.slice(-4));
    const { body } = await desk.call<KeyPage>(admin.token, "GET", `/projects/${project.projectId}/keys`);
    expect(body.data.find(({ id }) => id === made.id)).toMatchObject({
      scopes: ["project:read"],
      isActive: true,
      lastUsedAt: null,
    });
    expect(JSON.stringify(body)).not.toContain(made.key);
    const { rows } = await stack.database.query<{ row: string }>(
      "select k::text as row from project_keys k where id = $1 union all select entry from audit_entries where chain = $2",
      [made.id, project.projectId],
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.map(({ row }) => row).join()).not.toContain(made.key.slice(8));
  });

  test("opens what its scopes say and nothing else, and says when it was used", async () => {
    const project = await createOwnProject();
    const key = await organization.key(project.projectId, ["project:read"]);
    expectStatus(await desk.call(key, "GET", `/projects/${project.projectId}`), 200);
    const refused = await desk.call(key, "GET", `/projects/${project.projectId}/keys`);
    expectProblem(refused, 403, "auth.scope_missing");
    expect(refused.body["context"]).toMatchObject({ scope: "keys:read" });
    const other = await createOwnProject();
    expectProblem(await desk.call(key, "GET", `/projects/${other.projectId}`), 404, "request.not_found");
    await expect
      .poll(async () => {
        const owner = await organization.member("owner");
        const { body } = await desk.call<KeyPage>(owner.token, "GET", `/projects/${project.projectId}/keys`);
        return body.data.find(({ kind }) => kind === "secret")?.lastUsedAt;
      })
      .toEqual(expect.any(String));
  });

  test("makes no key with more scopes than it has", async () => {
    const project = await createOwnProject();
    const key = await organization.key(project.projectId, ["keys:write"]);
    const wanted = { kind: "secret", name: "More", scopes: ["keys:write", "policies:write"] };
    const answer = await desk.call(key, "POST", `/projects/${project.projectId}/keys`, wanted);
    expectProblem(answer, 403, "auth.scope_missing");
  });

  test("with an end makes none that outlives it, and its successor ends with it", async () => {
    const project = await createOwnProject();
    const path = `/projects/${project.projectId}/keys`;
    const admin = await organization.member("admin");
    const wanted = { kind: "secret", name: "Short", scopes: ["keys:write"], expiresInSeconds: 600 };
    const short = expectStatus(await desk.call<CreatedKey>(admin.token, "POST", path, wanted), 201);
    expect(short.endsAt).not.toBeNull();
    for (const more of [{}, { expiresInSeconds: 86_400 }]) {
      const made = await desk.call<CreatedKey>(short.key, "POST", path, {
        ...wanted,
        expiresInSeconds: undefined,
        ...more,
      });
      expect(expectStatus(made, 201).endsAt).toBe(short.endsAt);
    }
    const rolled = await desk.call<CreatedKey>(admin.token, "POST", `${path}/${short.id}/roll`, { overlapSeconds: 60 });
    expect(expectStatus(rolled, 201).endsAt).toBe(short.endsAt);
  });

  test("opens nothing of the public API, and a publishable key nothing of the management API", async () => {
    const project = await createOwnProject();
    const key = await organization.key(project.projectId, ["project:read"]);
    const asPublishable = await callApi({ ...project, publishableKey: key }, "GET", "/v1/config");
    expectProblem(asPublishable, 401, "project.key_invalid");
    const { publishableKey, projectId } = project;
    expectProblem(await desk.call(publishableKey, "GET", `/projects/${projectId}`), 401, "auth.token_invalid");
  });
});

describe("a project", () => {
  test("has at most a hundred keys that have not ended, also when many are made and rolled at once", async () => {
    const project = await createOwnProject();
    const { token } = await organization.member("admin");
    const path = `/projects/${project.projectId}/keys`;
    // With the one that it was made with, 98 that open, and three that have ended.
    await stack.database.query(
      `insert into project_keys (id, project_id, kind, name, scopes, key_hash, last_four, revoked_at)
        select 'key_' || $1 || n, $1, 'secret', 'one of many', '{project:read}', sha256(($1 || n)::bytea), '0000',
          case when n <= 3 then now() when n <= 50 then now() + interval '1 day' end from generate_series(1, 100) n`,
      [project.projectId],
    );
    const make = () => desk.call<CreatedKey>(token, "POST", path, { kind: "publishable" });
    const roll = (overlapSeconds: number) =>
      desk.call<CreatedKey>(token, "POST", `${path}/${project.keyId}/roll`, { overlapSeconds });
    const answers = await Promise.all([make(), roll(60), make(), roll(60), make(), roll(60)]);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(expectProblem(answer, 409, "manage.conflict").detail).toContain("revoke one");
    }
    const made = answers.find(({ status }) => status === 201)?.body.id;
    expectStatus(await desk.call(token, "DELETE", `${path}/${made}`), 204);
    expectStatus(await make(), 201);
    expectProblem(await make(), 409, "manage.conflict");
    expectStatus(await roll(0), 201);
    expectProblem(await make(), 409, "manage.conflict");
  });
});

describe("rolling a key", () => {
  test("both keys open while they overlap, and the old one alone ends", async () => {
    const project = await createOwnProject();
    const admin = await organization.member("admin");
    const path = `/projects/${project.projectId}/keys/${project.keyId}/roll`;
    const next = expectStatus(await desk.call<CreatedKey>(admin.token, "POST", path, { overlapSeconds: 60 }), 201);
    const rolled = { ...project, publishableKey: next.key };
    for (const target of [project, rolled]) {
      expectStatus(await callApi(target, "GET", "/v1/config"), 200);
      await signIn(target, await createWallet());
    }
    await stack.database.query("update project_keys set revoked_at = now() where id = $1", [project.keyId]);
    await expect.poll(async () => (await callApi(project, "GET", "/v1/config")).status, { timeout: 8_000 }).toBe(401);
    expectStatus(await callApi(rolled, "GET", "/v1/config"), 200);
  });

  test("a key that has ended has no successor", async () => {
    const project = await createOwnProject();
    const admin = await organization.member("admin");
    const path = `/projects/${project.projectId}/keys/${project.keyId}`;
    expectStatus(await desk.call(admin.token, "DELETE", path), 204);
    expectProblem(await desk.call(admin.token, "POST", `${path}/roll`, {}), 409, "manage.conflict");
  });
});

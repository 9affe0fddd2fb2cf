import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MANAGE_ROUTES, type ManageRoute } from "../../../src/contract/manage/routes.ts";
import { Role, Scope } from "../../../src/contract/manage/values.ts";
import { type Console, createConsole, type Manager, type Organization } from "../../support/manage.ts";
import { expectProblem, type ProblemBody } from "../../support/problems.ts";
import { type Stack, startStack } from "../../support/stack.ts";

/** Ids of the right form that nothing has. */
const NOTHING: Readonly<Record<string, string>> = {
  network: "solana:devnet",
  userId: `usr_${"0".repeat(26)}`,
  sessionId: `ses_${"0".repeat(26)}`,
  keyId: `key_${"0".repeat(26)}`,
  sponsorId: `spn_${"0".repeat(26)}`,
  invitationId: `inv_${"0".repeat(26)}`,
  draftId: `pol_${"0".repeat(26)}`,
  jobId: `job_${"0".repeat(26)}`,
  relayId: `rly_${"0".repeat(26)}`,
  decisionId: `req_${"0".repeat(26)}`,
  address: "11111111111111111111111111111111",
  wallet: "solana:11111111111111111111111111111111",
  origin: encodeURIComponent("https://nowhere.example"),
  version: "999",
};

const ROUTES = Object.entries(MANAGE_ROUTES) as [string, ManageRoute][];
const OF_SOMETHING = ROUTES.filter(([, { target }]) => target !== "self");

let stack: Stack;
let desk: Console;
let organization: Organization;
let projectId: string;
let members: ReadonlyMap<Role, Manager>;
let stranger: Manager;
let everything: string;
let foreignKey: string;
/** A key for each scope, that has this one alone. */
let keys: ReadonlyMap<Scope, string>;

beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
  organization = await desk.organization();
  const project = await stack.createProject();
  await organization.own(project);
  ({ projectId } = project);
  members = new Map(
    await Promise.all(Role.options.map(async (role) => [role, await organization.member(role)] as const)),
  );
  everything = await organization.key(projectId, Scope.options);
  keys = new Map(
    await Promise.all(Scope.options.map(async (scope) => [scope, await organization.key(projectId, [scope])] as const)),
  );
  const other = await desk.organization("Another organization");
  stranger = await other.member("owner");
  const others = await stack.createProject();
  await other.own(others);
  foreignKey = await other.key(others.projectId, Scope.options);
});
afterAll(() => stack.close());

function ask(token: string, { method, path, body }: ManageRoute, sent: object = {}) {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (name === "organizationId") return organization.id;
    return name === "projectId" ? projectId : (NOTHING[name] ?? "");
  });
  return desk.call<ProblemBody>(token, method, filled, body ? sent : undefined);
}

/** Whatever was wrong with the call, it was not that the caller may not. */
async function expectAllowed(token: string, route: ManageRoute): Promise<void> {
  const { status, body } = await ask(token, route);
  expect([status, body.code]).not.toEqual([403, "auth.scope_missing"]);
  expect([200, 201, 202, 204, 403, 404, 409, 422]).toContain(status);
}

describe.each(OF_SOMETHING)("%s", (_operation, route) => {
  test.each(Role.options)("lets in the role %s exactly when it is declared", async (role) => {
    const { token } = members.get(role) as Manager;
    if (route.roles?.includes(role) === true) return expectAllowed(token, route);
    const { context } = expectProblem(await ask(token, route), 403, "auth.scope_missing");
    expect(context).toMatchObject({ role, roles: route.roles });
  });

  test("looks to another organization's owner and key as if it were not there", async () => {
    expectProblem(await ask(stranger.token, route), 404, "request.not_found");
    expectProblem(await ask(foreignKey, route), 404, "request.not_found");
  });

  test("lets in a secret key exactly when it has the declared scope", async () => {
    for (const [scope, key] of keys) {
      if (scope === route.scope) await expectAllowed(key, route);
      else expectProblem(await ask(key, route), 403, "auth.scope_missing");
    }
    if (route.scope === null) expectProblem(await ask(everything, route), 403, "auth.scope_missing");
    else await expectAllowed(everything, route);
  });

  test("is closed to whoever brings nothing, nonsense, or another kind of token", async () => {
    const { consoleToken } = members.get("owner") as Manager;
    expectProblem(await ask(consoleToken, route), 401, "auth.token_invalid");
    expectProblem(await ask("nonsense", route), 401, "auth.token_invalid");
    expectProblem(await ask(`sk_test_${"0".repeat(30)}`, route), 401, "auth.token_invalid");
  });
});

const WITH_MORE = OF_SOMETHING.flatMap(([operation, route]) =>
  (route.moreScope?.fields ?? []).map((field) => ({ operation, route, field, more: route.moreScope?.scope as Scope })),
);

describe.each(WITH_MORE)("$operation with $field", ({ route, field, more }) => {
  const askWith = (token: string) => ask(token, route, { [field]: NOTHING[field] });

  test("opens to a key with both scopes, and to none that has one of them", async () => {
    for (const [scope, key] of keys) {
      const { context } = expectProblem(await askWith(key), 403, "auth.scope_missing");
      expect(context).toMatchObject({ scope: scope === route.scope ? more : route.scope });
    }
    const both = await organization.key(projectId, [route.scope as Scope, more]);
    for (const key of [both, everything]) expect((await askWith(key)).body.code).not.toBe("auth.scope_missing");
  });

  test.each(Role.options)("lets in the role %s exactly when it is declared", async (role) => {
    const { token } = members.get(role) as Manager;
    const isRefused = (await askWith(token)).body.code === "auth.scope_missing";
    expect(isRefused).toBe(route.roles?.includes(role) !== true);
  });
});

test("no answer to an owner, and no entry of the audit log, holds any part of a secret key but its last four characters", async () => {
  const { token } = members.get("owner") as Manager;
  const secrets = [everything, ...keys.values()].map((key) => key.slice("sk_test_".length, -4));
  const readings = OF_SOMETHING.filter(([, { method }]) => method === "GET").map(([, route]) => ask(token, route));
  const answers = await Promise.all(readings);
  const { rows } = await stack.database.query<{ entry: string }>("select entry from audit_entries");
  const said = [...answers.map(({ body }) => JSON.stringify(body)), ...rows.map(({ entry }) => entry)].join("\n");
  expect(said).toContain(everything.slice(-4));
  expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
});

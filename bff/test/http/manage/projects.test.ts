import {
  buildTransaction,
  callApi,
  expectStatus,
  memoBy,
  postRelay,
  prepareRelay,
  signIn,
  toBase64,
} from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ManagedNetwork, ManagedProject } from "../../../src/contract/manage/projects.ts";
import { type Console, createConsole, type Manager, type Organization } from "../../support/manage.ts";
import { expectInvalid, expectProblem } from "../../support/problems.ts";
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

async function createOwnProject() {
  const project = await stack.createProject();
  await organization.own(project);
  return project;
}

const create = (wanted: object) =>
  desk.call<ManagedProject>(developer.token, "POST", `/organizations/${organization.id}/projects`, wanted);

interface NetworkPage {
  readonly data: readonly ManagedNetwork[];
  readonly available: readonly string[];
}

describe("a new project", () => {
  test("has the organization's sponsors, and sponsors nothing until a policy is published", async () => {
    const own = await createOwnProject();
    const project = expectStatus(await create({ name: "Büro 🚀", environment: "test", networks: [NETWORK] }), 201);
    expect(project).toMatchObject({
      organizationId: organization.id,
      environment: "test",
      networks: [NETWORK],
      statement: "Sign in to Buro. This is free and sends no transaction.",
    });
    const networks = expectStatus(
      await desk.call<NetworkPage>(developer.token, "GET", `/projects/${project.id}/networks`),
      200,
    );
    expect(networks.data).toMatchObject([{ network: NETWORK, policyVersion: null, isServed: true }]);
    const { rows } = await stack.database.query("select from sponsors where organization_id = $1", [organization.id]);
    expect(networks.data[0]?.sponsors).toBe(rows.length);
    const older = await desk.call<NetworkPage>(developer.token, "GET", `/projects/${own.projectId}/networks`);
    expect(older.body.data).toMatchObject([{ network: NETWORK, policyVersion: 1, sponsors: 1 }]);
  });

  test("of the test environment never has a mainnet, and none has a network that is not served", async () => {
    const mainnet = await create({ name: "Wrong", environment: "test", networks: ["solana:mainnet"] });
    expectProblem(mainnet, 403, "project.network_not_enabled");
    const unserved = await create({ name: "Wrong", environment: "live", networks: ["solana:devnet"] });
    expectProblem(unserved, 403, "project.network_not_enabled");
    const { rows } = await stack.database.query("select from projects where name = 'Wrong'");
    expect(rows).toHaveLength(0);
  });

  test("test and live are listed apart", async () => {
    const live = expectStatus(await create({ name: "Live", environment: "live" }), 201);
    const list = async (query: string) =>
      expectStatus(
        await desk.call<{ data: ManagedProject[] }>(
          developer.token,
          "GET",
          `/organizations/${organization.id}/projects${query}`,
        ),
        200,
      ).data;
    expect((await list("?environment=live")).map(({ id }) => id)).toEqual([live.id]);
    expect((await list("?environment=test")).map(({ id }) => id)).not.toContain(live.id);
  });
});

describe("a page of a list", () => {
  test("begins behind the one before, newest first, and ends", async () => {
    const own = await desk.organization();
    const { token } = await own.member("admin");
    const path = `/organizations/${own.id}/projects`;
    for (const name of ["A", "B", "C"])
      expectStatus(await desk.call(token, "POST", path, { name, environment: "test" }), 201);
    const names: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: { data: ManagedProject[]; nextCursor: string | null } = expectStatus(
        await desk.call<{ data: ManagedProject[]; nextCursor: string | null }>(
          token,
          "GET",
          `${path}?limit=2${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
        ),
        200,
      );
      names.push(...page.data.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect(names.toSorted()).toEqual(["A", "B", "C"]);
  });

  test.each(["limit=0", "limit=101", "limit=x", "cursor=", "unknown=1"])("does not take ?%s", async (query) => {
    const answer = await desk.call(developer.token, "GET", `/organizations/${organization.id}/projects?${query}`);
    expectProblem(answer, 422, "request.invalid");
  });
});

describe("changing a project", () => {
  test("holds for its pages within five seconds, and an edit of an older version changes nothing", async () => {
    const project = await createOwnProject();
    const path = `/projects/${project.projectId}`;
    const before = expectStatus(await desk.call<ManagedProject>(developer.token, "GET", path), 200);
    const change = { version: before.version, name: "Renamed", theme: { accent: "#123456" }, userRelaysPerMinute: 7 };
    const after = expectStatus(await desk.call<ManagedProject>(developer.token, "PATCH", path, change), 200);
    expect(after).toMatchObject({ name: "Renamed", theme: { accent: "#123456" }, userRelaysPerMinute: 7 });
    expect(BigInt(after.version)).toBeGreaterThan(BigInt(before.version));
    const late = await desk.call(developer.token, "PATCH", path, { version: before.version, name: "Late" });
    expectProblem(late, 409, "manage.conflict");
    await expect
      .poll(async () => (await callApi(project, "GET", "/v1/config")).body, { timeout: 8_000 })
      .toMatchObject({ project: { name: "Renamed" }, theme: { accent: "#123456" } });
  });

  test("two edits of one version at once: one of them is told", async () => {
    const project = await createOwnProject();
    const path = `/projects/${project.projectId}`;
    const { version } = expectStatus(await desk.call<ManagedProject>(developer.token, "GET", path), 200);
    const edits = await Promise.all(
      ["One", "Two", "Three"].map((name) => desk.call(developer.token, "PATCH", path, { version, name })),
    );
    expect(edits.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409, 409]);
  });

  test("suspends it, for owners and admins alone, and they can still resume it", async () => {
    const project = await createOwnProject();
    const path = `/projects/${project.projectId}`;
    const key = await organization.key(project.projectId, ["project:write"]);
    const { version } = expectStatus(await desk.call<ManagedProject>(developer.token, "GET", path), 200);
    const stop = await desk.call(developer.token, "PATCH", path, { version, status: "suspended" });
    expectProblem(stop, 403, "auth.scope_missing");
    const admin = await organization.member("admin");
    const suspended = expectStatus(
      await desk.call<ManagedProject>(admin.token, "PATCH", path, { version, status: "suspended" }),
      200,
    );
    await expect.poll(async () => (await callApi(project, "GET", "/v1/config")).status, { timeout: 8_000 }).toBe(403);
    const resume = { version: suspended.version, status: "active" };
    expectProblem(await desk.call(developer.token, "PATCH", path, resume), 403, "auth.scope_missing");
    expectProblem(await desk.call(key, "PATCH", path, resume), 403, "auth.scope_missing");
    expectStatus(await desk.call(admin.token, "PATCH", path, resume), 200);
  });

  test.each([
    ["a statement that wallets would not show", { statement: "naïve" }, "/statement"],
    ["a theme that could carry a style of its own", { theme: { accent: "red; position: fixed" } }, "/theme/accent"],
    ["a name of two lines", { name: "a\nb" }, "/name"],
    ["a rate of nothing", { requestsPerMinute: 0 }, "/requestsPerMinute"],
    ["an unknown field", { organizationId: "org_x" }, "/organizationId"],
  ])("refuses %s", async (_what, change, pointer) => {
    const project = await createOwnProject();
    const answer = await desk.call(developer.token, "PATCH", `/projects/${project.projectId}`, {
      version: "1",
      ...change,
    });
    expectInvalid(answer, [pointer]);
  });
});

describe("origins", () => {
  test("are added in their one spelling, listed, used, and removed", async () => {
    const project = await createOwnProject();
    const path = `/projects/${project.projectId}/origins`;
    const added = await desk.call(developer.token, "POST", path, { origin: "https://Bücher.example:443" });
    const origin = "https://xn--bcher-kva.example";
    expect(expectStatus(added, 201)).toEqual({ origin });
    expectStatus(await desk.call(developer.token, "POST", path, { origin }), 201);
    const page = { ...project, origin };
    await expect.poll(async () => (await callApi(page, "GET", "/v1/config")).status, { timeout: 8_000 }).toBe(200);
    expectStatus(await desk.call(developer.token, "DELETE", `${path}/${encodeURIComponent(origin)}`), 204);
    await expect.poll(async () => (await callApi(page, "GET", "/v1/config")).status, { timeout: 8_000 }).toBe(403);
    const again = await desk.call(developer.token, "DELETE", `${path}/${encodeURIComponent(origin)}`);
    expectProblem(again, 404, "request.not_found");
  });

  test.each(["https://*.example", "null", "ftp://dapp.example", "https://dapp.example/path", "javascript:alert(1)"])(
    "%s is none",
    async (origin) => {
      const project = await createOwnProject();
      const answer = await desk.call(developer.token, "POST", `/projects/${project.projectId}/origins`, { origin });
      expectInvalid(answer, ["/origin"]);
    },
  );
});

describe("networks", () => {
  test("are removed with their sponsors, and come back with a policy to be chosen anew", async () => {
    const project = await createOwnProject();
    const path = `/projects/${project.projectId}/networks`;
    expectProblem(await desk.call(developer.token, "DELETE", `${path}/${NETWORK}`), 403, "auth.scope_missing");
    const admin = await organization.member("admin");
    await stack.database.query("update sponsors set organization_id = null where id = $1", [project.sponsorId]);
    expectProblem(await desk.call(admin.token, "DELETE", `${path}/${NETWORK}`), 409, "manage.conflict");
    await organization.own(project);
    expectStatus(await desk.call(admin.token, "DELETE", `${path}/${NETWORK}`), 204);
    await expect
      .poll(async () => (await callApi(project, "GET", "/v1/config")).body["networks"], { timeout: 8_000 })
      .toEqual([]);
    const left = expectStatus(await desk.call<NetworkPage>(developer.token, "GET", path), 200);
    expect(left).toEqual({ data: [], available: [NETWORK] });
    const explorer = "https://explorer.example";
    const back = expectStatus(await desk.call(developer.token, "PUT", `${path}/${NETWORK}`, { explorer }), 200);
    expect(back).toMatchObject({ network: NETWORK, policyVersion: null, explorer });
  });

  test("are removed after whoever publishes there, and neither waits for the other for ever", async () => {
    const project = await createOwnProject();
    const admin = await organization.member("admin");
    const publisher = await stack.database.connect();
    try {
      // The network, then the project: as publishing and setting budgets take them.
      await publisher.query("begin");
      const network = "select from project_networks where project_id = $1 and network = $2 for update";
      await publisher.query(network, [project.projectId, NETWORK]);
      const removing = desk.call(admin.token, "DELETE", `/projects/${project.projectId}/networks/${NETWORK}`);
      const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
      await expect.poll(async () => (await stack.database.query(waiting)).rowCount).toBe(1);
      await publisher.query("update projects set revision = revision where id = $1", [project.projectId]);
      await publisher.query("commit");
      expectStatus(await removing, 204);
    } finally {
      publisher.release();
    }
  });

  test("that take their allowlist alone sponsor nobody else, and explain says why", async () => {
    const project = await createOwnProject();
    const path = `/projects/${project.projectId}/networks/${NETWORK}`;
    const wallet = await createWallet();
    const { accessToken } = await signIn(project, wallet);
    expectStatus(await desk.call(developer.token, "PUT", path, { allowlistOnly: true }), 200);
    const prepared = await prepareRelay(project, accessToken);
    const wire = await buildTransaction(prepared, [memoBy(wallet, "hi")], [wallet]);
    const send = (key: string) => postRelay(project, accessToken, wire, key);
    expectProblem(await send("refused"), 403, "policy.account_denied");
    const explained = await callApi<{ trace: { rule: string; verdict: string }[] }>(
      project,
      "POST",
      "/v1/relays/explain",
      {
        token: accessToken,
        body: { network: NETWORK, transaction: toBase64(wire) },
      },
    );
    expect(explained.body.trace).toContainEqual(
      expect.objectContaining({ rule: "wallet-is-allowed", verdict: "fail", code: "policy.account_denied" }),
    );
    await stack.database.query("insert into allowed_wallets (project_id, network, address) values ($1, $2, $3)", [
      project.projectId,
      NETWORK,
      wallet.address,
    ]);
    expectStatus(await send("sponsored"), 202);
  });
});

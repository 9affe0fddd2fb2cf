import {
  buildTransaction,
  callApi,
  expectStatus,
  followRelay,
  memoBy,
  postRelay,
  prepareRelay,
  signIn,
} from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { demoPolicy } from "@gasless/db/factories";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Budget } from "../../../src/contract/manage/projects.ts";
import { type Console, createConsole, type Manager, type Organization } from "../../support/manage.ts";
import { expectProblem } from "../../support/problems.ts";
import { NETWORK, type Stack, startStack } from "../../support/stack.ts";

interface Budgets {
  readonly version: string;
  readonly data: readonly Budget[];
}

let stack: Stack;
let desk: Console;
let organization: Organization;
let billing: Manager;
beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
  organization = await desk.organization();
  billing = await organization.member("billing");
});
afterAll(() => stack.close());

const { sponsorRoles: _roles, maxRent: _rent, ...payingNoRent } = demoPolicy;

/** A project without budgets, with a user. */
async function createScene(policy: object = payingNoRent) {
  const project = await stack.createProject({ limits: [], policy });
  await organization.own(project);
  const wallet = await createWallet();
  const { accessToken: token } = await signIn(project, wallet);
  const path = `/projects/${project.projectId}/networks/${NETWORK}/budgets`;
  const read = async () => expectStatus(await desk.call<Budgets>(billing.token, "GET", path), 200);
  const put = (version: string, data: readonly unknown[]) =>
    desk.call<Budgets>(billing.token, "PUT", path, { version, data });
  const set = async (data: readonly unknown[]) => expectStatus(await put((await read()).version, data), 200);
  const send = async () => {
    const prepared = await prepareRelay(project, token);
    return postRelay(project, token, await buildTransaction(prepared, [memoBy(wallet, crypto.randomUUID())], [wallet]));
  };
  const relay = async () => followRelay(project, token, expectStatus(await send(), 202).id);
  return { project, token, path, read, put, set, send, relay };
}

const ofProject = (limit: string) => ({ subject: "project", window: "lifetime", unit: "relays", limit });

describe("budgets", () => {
  test("hold for the next relay, and say what is used of what all users share", async () => {
    const { set, relay, send, read } = await createScene();
    await relay();
    const ofUser = { subject: "user", window: "day", unit: "fee", limit: "900000" };
    const made = await set([ofProject("1"), { ...ofProject("7"), subject: "policy" }, ofUser]);
    expect(made.data).toHaveLength(3);
    expect(made.data).toContainEqual({ ...ofProject("1"), used: "0", held: "0", resetsAt: null });
    await relay();
    expectProblem(await send(), 403, "budget.lifetime_exhausted");
    const { data } = await read();
    expect(data).toContainEqual({ ...ofProject("1"), used: "1", held: "0", resetsAt: null });
    expect(data).toContainEqual({ ...ofProject("7"), subject: "policy", used: "1", held: "0", resetsAt: null });
    expect(data.find(({ subject }) => subject === "user")).toMatchObject({ ...ofUser, used: null, held: null });
    const tomorrow = new Date();
    tomorrow.setUTCHours(24, 0, 0, 0);
    expect(Date.parse(data.find(({ subject }) => subject === "user")?.resetsAt ?? "")).toBe(tomorrow.getTime());
  });

  test("that are taken away bind no more, and come back with what they had counted", async () => {
    const { project, token, set, relay, send } = await createScene();
    const ofUser = { subject: "user", window: "lifetime", unit: "relays", limit: "1" };
    await set([ofProject("1"), ofUser]);
    await relay();
    expectProblem(await send(), 403, "budget.lifetime_exhausted");
    expect((await set([])).data).toEqual([]);
    const allowance = await callApi<{ limits: unknown[] }>(project, "GET", `/v1/allowance?network=${NETWORK}`, {
      token,
    });
    expect(expectStatus(allowance, 200).limits).toEqual([]);
    await relay();
    expect((await set([ofProject("1")])).data).toMatchObject([{ used: "1", limit: "1" }]);
    expectProblem(await send(), 403, "budget.lifetime_exhausted");
  });

  test("are not set over a change that was not seen, and name whoever set them in the log", async () => {
    const { project, read, put } = await createScene();
    const { version } = await read();
    const answers = await Promise.all(["5", "6", "7"].map((limit) => put(version, [ofProject(limit)])));
    const [winner, ...others] = answers.toSorted((one, other) => one.status - other.status);
    expect(winner?.status).toBe(200);
    for (const other of others) expectProblem(other, 409, "manage.conflict");
    expect((await read()).data).toEqual(winner?.body.data);
    const { rows } = await stack.database.query<{ entry: string }>(
      "select entry from audit_entries where chain = $1 and entry like '%limit.added%'",
      [project.projectId],
    );
    expect(rows.map(({ entry }) => JSON.parse(entry) as object)).toMatchObject([
      { actor: { kind: "member", id: billing.userId }, details: { after: { subject_kind: "project" } } },
    ]);
  });

  test("of rent are not taken away while the policy in force pays it, nor put into force beside none", async () => {
    const { path, set, read, put } = await createScene(demoPolicy);
    const rent = { subject: "user", window: "day", unit: "rent", limit: "6117840" };
    await set([rent]);
    const refused = expectProblem(await put((await read()).version, [ofProject("1")]), 409, "manage.conflict");
    expect(refused.context).toMatchObject({ unit: "rent", currentVersion: 1 });
    expect((await read()).data).toMatchObject([rent]);

    const developer = await organization.member("developer");
    const policies = path.replace("/budgets", "/policies");
    const publish = (document: object, expectedVersion: number) =>
      desk.call(developer.token, "POST", `${policies}/publish`, { document, expectedVersion });
    expectStatus(await publish(payingNoRent, 1), 201);
    await set([]);
    expectProblem(await publish(demoPolicy, 2), 422, "manage.policy_invalid");
    const back = { version: 1, expectedVersion: 2 };
    expectProblem(
      await desk.call(developer.token, "POST", `${policies}/roll-back`, back),
      422,
      "manage.policy_invalid",
    );
  });

  test("and a policy that pays rent never pass each other, whoever is first", async () => {
    const developer = await organization.member("developer");
    for (let round = 0; round < 8; round++) {
      const { project, path, set, read, put } = await createScene();
      await set([{ subject: "user", window: "day", unit: "rent", limit: "6117840" }]);
      const { version } = await read();
      const body = { document: demoPolicy, expectedVersion: 1 };
      const [published, taken] = await Promise.all([
        desk.call(developer.token, "POST", `${path.replace("/budgets", "/policies")}/publish`, body),
        put(version, []),
      ]);
      expect([published.status, taken.status]).not.toEqual([201, 200]);
      for (const { status } of [published, taken]) expect([200, 201, 409, 422]).toContain(status);
      const { rows } = await stack.database.query<{ unbounded: boolean }>(
        `select n.policy_version = 2 and not exists (select from limits l where l.project_id = n.project_id
            and l.unit = 'rent' and l.removed_at is null) as unbounded
          from project_networks n where n.project_id = $1`,
        [project.projectId],
      );
      expect(rows).toEqual([{ unbounded: false }]);
    }
  });

  test.each([
    ["twice the same", [ofProject("1"), ofProject("2")]],
    ["a sponsor's", [{ ...ofProject("1"), subject: "sponsor" }]],
    ["less than nothing", [ofProject("-1")]],
    ["more than there can be", [ofProject("1".repeat(31))]],
    ["a fraction", [ofProject("1.5")]],
  ])("are not set to %s", async (_what, data) => {
    const { read, put } = await createScene();
    expectProblem(await put((await read()).version, data), 422, "request.invalid");
    expect((await read()).data).toEqual([]);
  });

  test("of a network that the project does not have are not there", async () => {
    const { project, read } = await createScene();
    const path = `/projects/${project.projectId}/networks/solana:devnet/budgets`;
    expectProblem(await desk.call(billing.token, "GET", path), 404, "request.not_found");
    const { version } = await read();
    const set = await desk.call(billing.token, "PUT", path, { version, data: [ofProject("1")] });
    expectProblem(set, 404, "request.not_found");
  });
});

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
import { getTransferSolInstruction } from "@solana-program/system";
import { address, createNoopSigner } from "@solana/kit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type {
  Decision,
  DecisionDetail,
  ManagedRelay,
  ManagedRelayDetail,
  ManagedUser,
  ManagedUserDetail,
} from "../../../src/contract/manage/traffic.ts";
import { type Console, createConsole, type Manager, type Organization } from "../../support/manage.ts";
import { expectInvalid, expectProblem } from "../../support/problems.ts";
import { NETWORK, type Stack, startStack } from "../../support/stack.ts";

const NOBODY = address("11111111111111111111111111111112");

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

interface Page<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}

/** A project with one user, whose first transaction was sponsored and whose second was refused. */
async function createTraffic() {
  const project = await stack.createProject();
  await organization.own(project);
  const wallet = await createWallet();
  const session = await signIn(project, wallet);
  const { accessToken: token } = session;
  const prepared = await prepareRelay(project, token);
  const memo = await buildTransaction(prepared, [memoBy(wallet, crypto.randomUUID())], [wallet]);
  const relay = await followRelay(project, token, expectStatus(await postRelay(project, token, memo), 202).id);
  const theft = getTransferSolInstruction({
    source: createNoopSigner(address(prepared.feePayer)),
    destination: NOBODY,
    amount: 1n,
  });
  const stolen = await buildTransaction(prepared, [memoBy(wallet, "a"), theft], [wallet]);
  const refused = await postRelay(project, token, stolen);
  expectProblem(refused, 403, "policy.fee_payer_misused");
  const refusedId = String(refused.body["requestId"]);
  const path = `/projects/${project.projectId}`;
  const list = async <Item>(what: string): Promise<readonly Item[]> =>
    expectStatus(await desk.call<Page<Item>>(developer.token, "GET", `${path}/${what}`), 200).data;
  await expect.poll(() => list<Decision>("decisions")).toHaveLength(2);
  return { project, path, list, wallet: `solana:${wallet.address}`, session, relay, refusedId };
}

describe("decisions", () => {
  test("are found by verdict, code, wallet, account, network and time, newest first, and no others", async () => {
    const { list, wallet, relay, refusedId } = await createTraffic();
    const [newest, oldest] = await list<Decision>("decisions");
    expect(newest).toMatchObject({ id: refusedId, verdict: "refuse", code: "policy.fee_payer_misused", relayId: null });
    expect(oldest).toMatchObject({ verdict: "sponsor", code: null, relayId: relay.id, wallet, network: NETWORK });
    const ids = async (query: string) => (await list<Decision>(`decisions?${query}`)).map(({ id }) => id);
    for (const query of [
      "verdict=refuse",
      "code=policy.fee_payer_misused",
      `account=${NOBODY}`,
      `verdict=refuse&wallet=${wallet}&network=${NETWORK}`,
      `from=${newest?.decidedAt ?? ""}`,
    ])
      expect([query, await ids(query)]).toEqual([query, [refusedId]]);
    for (const query of ["code=budget.user_exhausted", "wallet=solana:nobody", "to=2020-01-01T00:00:00Z"])
      expect([query, await ids(query)]).toEqual([query, []]);
    expect(await ids("verdict=sponsor")).toEqual([oldest?.id]);
  });

  test("are paged without a gap, and a cursor that no page gave is refused", async () => {
    const { path, refusedId } = await createTraffic();
    const page = async (query: string) =>
      expectStatus(await desk.call<Page<Decision>>(developer.token, "GET", `${path}/decisions?${query}`), 200);
    const first = await page("limit=1");
    expect(first.data.map(({ id }) => id)).toEqual([refusedId]);
    const second = await page(`limit=1&cursor=${encodeURIComponent(first.nextCursor ?? "")}`);
    expect(second.data).toHaveLength(1);
    expect(second.nextCursor).toBeNull();
    expectInvalid(await desk.call(developer.token, "GET", `${path}/decisions?cursor=nonsense'--`), ["/cursor"]);
  });

  test("show the bytes that they were about, and nothing of another project's", async () => {
    const { path, refusedId } = await createTraffic();
    const detail = expectStatus(
      await desk.call<DecisionDetail>(developer.token, "GET", `${path}/decisions/${refusedId}`),
      200,
    );
    expect(detail.accounts).toContain(NOBODY);
    expect(Buffer.from(detail.transaction, "base64").length).toBeGreaterThan(100);
    const other = await createTraffic();
    const foreign = await desk.call(developer.token, "GET", `${path}/decisions/${other.refusedId}`);
    expectProblem(foreign, 404, "request.not_found");
  });

  test.each(["verdict=maybe", "from=yesterday", "network=solana:moon", "limit=1000"])(
    "are not searched by %s",
    async (query) => {
      const { path } = await createTraffic();
      expectProblem(await desk.call(developer.token, "GET", `${path}/decisions?${query}`), 422, "request.invalid");
    },
  );
});

describe("relays", () => {
  test("are found by state, wallet, transaction, network and time", async () => {
    const { list, wallet, relay } = await createTraffic();
    const ids = async (query: string) => (await list<ManagedRelay>(`relays?${query}`)).map(({ id }) => id);
    for (const query of [
      "",
      "state=finalized",
      `wallet=${wallet}`,
      `transactionId=${relay.transactionId}`,
      `network=${NETWORK}&from=${relay.createdAt}`,
    ])
      expect([query, await ids(query)]).toEqual([query, [relay.id]]);
    for (const query of ["state=expired", "wallet=solana:nobody", "transactionId=nothing", `to=${relay.createdAt}`])
      expect([query, await ids(query)]).toEqual([query, []]);
  });

  test("tell of their decision, their times and where an explorer has them", async () => {
    const { path, relay, wallet } = await createTraffic();
    const explorer = { explorer: "https://explorer.example/{id}?cluster=test" };
    expectStatus(await desk.call(developer.token, "PUT", `${path}/networks/${NETWORK}`, explorer), 200);
    const detail = expectStatus(
      await desk.call<ManagedRelayDetail>(developer.token, "GET", `${path}/relays/${relay.id}`),
      200,
    );
    expect(detail).toMatchObject({
      id: relay.id,
      state: "finalized",
      wallet,
      explorerUrl: `https://explorer.example/${relay.transactionId}?cluster=test`,
    });
    expect(detail.decisionId).toMatch(/^req_/);
    expect(Date.parse(detail.signedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(detail.createdAt));
    expectProblem(
      await desk.call(developer.token, "GET", `${path}/relays/rly_${"0".repeat(26)}`),
      404,
      "request.not_found",
    );
  });
});

describe("users", () => {
  test("are found by their wallet, and signed out everywhere with an entry in the log", async () => {
    const { path, project, list, wallet, session } = await createTraffic();
    const [user] = await list<ManagedUser>(`users?wallet=${wallet}`);
    expect(user).toMatchObject({ id: session.user.id, wallets: [wallet], sessions: 1 });
    expect(await list("users?wallet=solana:nobody")).toEqual([]);
    const detail = expectStatus(
      await desk.call<ManagedUserDetail>(developer.token, "GET", `${path}/users/${session.user.id}`),
      200,
    );
    expect(detail.openSessions).toMatchObject([{ id: session.session.id, origin: project.origin }]);
    const revoke = () => desk.call(developer.token, "DELETE", `${path}/users/${session.user.id}/sessions`);
    expect(expectStatus(await revoke(), 200)).toEqual({ revoked: 1 });
    expect(expectStatus(await revoke(), 200)).toEqual({ revoked: 0 });
    const after = await callApi(project, "GET", "/v1/sessions/current", { token: session.accessToken });
    expectProblem(after, 401, "auth.session_revoked");
    const { rows } = await stack.database.query<{ entry: string }>(
      "select entry from audit_entries where chain = $1 and entry like '%session.revoked%' order by id",
      [project.projectId],
    );
    expect(rows.map(({ entry }) => JSON.parse(entry) as object)).toMatchObject([
      { actor: { kind: "member", id: developer.userId }, details: { userId: session.user.id, count: 1 } },
      { details: { count: 0 } },
    ]);
  });

  test("of another project keep their sessions, whoever names them", async () => {
    const [mine, theirs] = [await createTraffic(), await createTraffic()];
    const sessions = `${mine.path}/sessions/${theirs.session.session.id}`;
    expectProblem(await desk.call(developer.token, "DELETE", sessions), 404, "request.not_found");
    const user = `${mine.path}/users/${theirs.session.user.id}`;
    expectProblem(await desk.call(developer.token, "GET", user), 404, "request.not_found");
    expectProblem(await desk.call(developer.token, "DELETE", `${user}/sessions`), 404, "request.not_found");
    const { project, session } = theirs;
    expectStatus(await callApi(project, "GET", "/v1/sessions/current", { token: session.accessToken }), 200);
    const own = `${theirs.path}/sessions/${session.session.id}`;
    expect(expectStatus(await desk.call(developer.token, "DELETE", own), 200)).toEqual({ revoked: 1 });
  });
});

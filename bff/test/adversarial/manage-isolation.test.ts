import { demoPolicy } from "@gasless/db/factories";
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
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { MANAGE_ROUTES, type ManageRoute } from "../../src/contract/manage/routes.ts";
import { Scope } from "../../src/contract/manage/values.ts";
import { type Console, createConsole, type Organization } from "../support/manage.ts";
import { expectProblem } from "../support/problems.ts";
import { NETWORK, type Stack, startStack } from "../support/stack.ts";

const ORIGIN = "https://theirs.example";
const PUBLISHABLE = { ...demoPolicy, walletAssertions: true, maxFee: "30000" };
const DENIED = "11111111111111111111111111111112";

let stack: Stack;
let desk: Console;
let theirs: Holding;
let mine: Holding;
/** With every scope of my own project. */
let myKey: string;
beforeAll(async () => {
  stack = await startStack({ sponsors: 2 });
  desk = createConsole(stack);
  theirs = await createHolding("Theirs", 0);
  mine = await createHolding("Mine", 1);
  myKey = await mine.organization.key(mine.projectId, Scope.options);
});
afterAll(() => stack.close());

interface Holding {
  readonly organization: Organization;
  readonly token: string;
  readonly projectId: string;
  /** What every kind of thing that belongs to it is called, by the name that paths have for it. */
  readonly ids: Readonly<Record<string, string>>;
  readonly wallet: string;
  readonly transactionId: string;
  relay(): Promise<{ readonly id: string; readonly transactionId?: string | undefined }>;
}

/** An organization with a project that has one of everything. */
async function createHolding(name: string, sponsor: number): Promise<Holding> {
  const organization = await desk.organization(name);
  const owner = await organization.member("owner");
  const { token } = owner;
  const { address: sponsorAddress = "" } = stack.sponsors[sponsor] ?? {};
  const project = await stack.createProject({ sponsorAddress });
  await organization.own(project);
  const { projectId, sponsorId } = project;
  const path = `/projects/${projectId}`;
  const create = async (rest: string, body: object, status = 201, method = "POST") => {
    const made = await desk.call<{ id: string }>(token, method, rest, body);
    return expectStatus(made, status).id;
  };
  const network = `${path}/networks/${NETWORK}`;
  await create(`${path}/origins`, { origin: ORIGIN });
  await create(`${network}/allowlist`, { address: DENIED });
  const draftId = await create(`${network}/drafts`, { name: "Next", document: {} });
  const keyId = await create(`${path}/keys`, { kind: "publishable" });
  const invitationId = await create(`/organizations/${organization.id}/invitations`, { role: "viewer" });
  const jobId = `job_${crypto.randomUUID().replaceAll("-", "").slice(0, 26)}`;
  await stack.database.query(
    `insert into jobs (id, project_id, network, kind, state, label, input) values ($1, $2, $3, 'import', 'dead', 'An import', '{}')`,
    [jobId, projectId, NETWORK],
  );
  await create(`${network}/denylist`, { address: DENIED });

  const wallet = await createWallet();
  const session = await signIn(project, wallet);
  const relay = async () => {
    const prepared = await prepareRelay(project, session.accessToken);
    const memo = await buildTransaction(prepared, [memoBy(wallet, crypto.randomUUID())], [wallet]);
    const { id } = expectStatus(await postRelay(project, session.accessToken, memo), 202);
    return followRelay(project, session.accessToken, id);
  };
  const { id: relayId, transactionId } = await relay();
  const decisionId = await vi.waitFor(async () => {
    const { body } = await desk.call<{ data: { id: string }[] }>(token, "GET", `${path}/decisions`);
    expect(body.data).toHaveLength(1);
    return body.data[0]?.id ?? "";
  });
  const member = await organization.member("developer");
  return {
    organization,
    token,
    projectId,
    wallet: `solana:${wallet.address}`,
    transactionId: String(transactionId),
    relay,
    ids: {
      network: NETWORK,
      version: "1",
      origin: encodeURIComponent(ORIGIN),
      address: DENIED,
      sponsorId,
      keyId,
      draftId,
      jobId,
      invitationId,
      relayId,
      decisionId,
      userId: session.user.id,
      sessionId: session.session.id,
      memberId: member.userId,
    },
  };
}

/** Bodies that would do something, were they about one's own. */
const BODIES: Readonly<Record<string, (of: Holding) => object>> = {
  changeOrganization: () => ({ version: "1", name: "Taken" }),
  changeMember: () => ({ role: "viewer" }),
  createInvitation: () => ({ role: "owner" }),
  createProject: () => ({ name: "Planted", environment: "test" }),
  changeProject: () => ({ version: "1", status: "suspended" }),
  addOrigin: () => ({ origin: "https://attacker.example" }),
  putNetwork: () => ({ allowlistOnly: true }),
  createKey: () => ({ kind: "secret", name: "Planted", scopes: ["project:read"] }),
  rollKey: () => ({ overlapSeconds: 0 }),
  rotateSponsor: ({ ids }) => ({ to: ids["sponsorId"] }),
  setBudgets: () => ({ version: "1", data: [] }),
  checkPolicy: () => ({ document: {} }),
  publishPolicy: () => ({ document: PUBLISHABLE, expectedVersion: 1 }),
  rollBackPolicy: () => ({ version: 1, expectedVersion: 1 }),
  createDraft: () => ({ name: "Planted", document: {} }),
  changeDraft: () => ({ version: "1", document: {} }),
  readIdl: () => ({ idl: {} }),
  explain: ({ ids }) => ({ decisionId: ids["decisionId"] }),
  startBacktest: ({ ids }) => ({ network: NETWORK, days: 7, draftId: ids["draftId"] }),
  deny: () => ({ address: DENIED }),
  importDenied: () => ({ csv: DENIED }),
  allow: () => ({ address: DENIED }),
  importAllowed: () => ({ csv: DENIED }),
  retryJob: () => ({}),
};

const ROUTES = (Object.entries(MANAGE_ROUTES) as [string, ManageRoute][]).filter(([, { target }]) => target !== "self");

/** One call about whatever is called `ids`, in a project or an organization. */
function attempt(
  token: string,
  [operation, { method, path, target, body }]: [string, ManageRoute],
  place: { readonly organizationId: string; readonly projectId: string },
  of: Holding,
) {
  const { userId = "", memberId = "" } = of.ids;
  const names = { ...of.ids, ...place, userId: target === "organization" ? memberId : userId };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (names as Record<string, string>)[name] ?? name);
  return desk.call(token, method, filled, body && BODIES[operation]?.(of));
}

/** Everything in SQL that belongs to somebody, in few words. */
async function stateOf({ organization, projectId }: Holding): Promise<readonly unknown[]> {
  const { rows: tables } = await stack.database.query<{ name: string; column: string }>(
    `select c.table_name as name, c.column_name as column from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.column_name in ('project_id', 'organization_id', 'chain')`,
  );
  const parts = [
    ...tables.map(({ name, column }) => [name, `"${column}" in ($1, $2)`] as const),
    ["projects", "id in ($1, $2)"] as const,
    ["organizations", "id in ($1, $2)"] as const,
    ["limit_usage", "limit_id in (select id from limits where project_id in ($1, $2))"] as const,
  ];
  const hash = async ([name, where]: readonly [string, string]) =>
    (
      await stack.database.query(
        `select '${name}' as name, count(*)::integer as rows, md5(string_agg(t::text, ' ' order by t::text)) as hash from "${name}" t where ${where}`,
        [projectId, organization.id],
      )
    ).rows[0] as unknown;
  return Promise.all(parts.map(hash));
}

const placeOf = ({ organization, projectId }: Holding) => ({ organizationId: organization.id, projectId });
/** What an address of a network, a version or an origin is called is nobody's secret. */
const HAS_ID = ROUTES.filter(([, { path }]) =>
  /\{(?:memberId|userId|keyId|sponsorId|draftId|jobId|invitationId|relayId|decisionId|sessionId)\}/.test(path),
);

describe("another organization's owner, and a key with every scope", () => {
  test("find none of its paths, whatever they ask of them, and change nothing by it", async () => {
    const before = await stateOf(theirs);
    expect(before.length).toBeGreaterThan(20);
    for (const route of ROUTES) {
      for (const token of [mine.token, myKey]) {
        const answer = await attempt(token, route, placeOf(theirs), theirs);
        expect([route[0], answer.status]).toEqual([route[0], 404]);
        expectProblem(answer, 404, "request.not_found");
      }
    }
    expect(await stateOf(theirs)).toEqual(before);
  });

  test("find none of its things under a path of their own, and change nothing by it", async () => {
    const before = await stateOf(theirs);
    expect(HAS_ID.length).toBeGreaterThan(15);
    for (const route of HAS_ID) {
      const answer = await attempt(mine.token, route, placeOf(mine), theirs);
      expect([route[0], answer.status]).toEqual([route[0], 404]);
    }
    expect(await stateOf(theirs)).toEqual(before);
  });

  test.each([
    ["explain", "a decision", "/explain", () => ({ decisionId: theirs.ids["decisionId"] })],
    ["explain", "a draft", "/explain", () => ({ decisionId: mine.ids["decisionId"], draftId: theirs.ids["draftId"] })],
    [
      "start a backtest with",
      "a draft",
      "/backtests",
      () => ({ network: NETWORK, days: 7, draftId: theirs.ids["draftId"] }),
    ],
    [
      "publish",
      "a draft",
      `/networks/${NETWORK}/policies/publish`,
      () => ({ document: PUBLISHABLE, expectedVersion: 1, draftId: theirs.ids["draftId"] }),
    ],
    ["rotate to", "a sponsor", "/sponsors/{own}/rotate", () => ({ to: theirs.ids["sponsorId"] })],
  ])("cannot %s %s of its by naming it in a body", async (_verb, _what, rest, body) => {
    const before = await stateOf(theirs);
    const path = rest.replace("{own}", mine.ids["sponsorId"] ?? "");
    const answer = await desk.call(mine.token, "POST", `/projects/${mine.projectId}${path}`, body());
    expect([answer.status, answer.body["code"]]).toEqual([404, "request.not_found"]);
    expect(await stateOf(theirs)).toEqual(before);
  });

  test("see nothing of it in any list of their own, not even when they search for what it has", async () => {
    const path = `/projects/${mine.projectId}`;
    const { wallet, transactionId, ids } = theirs;
    const searches = [
      `${path}/users?wallet=${wallet}`,
      `${path}/relays?wallet=${wallet}`,
      `${path}/relays?transactionId=${transactionId}`,
      `${path}/decisions?wallet=${wallet}`,
      `${path}/decisions?account=${wallet.slice("solana:".length)}`,
    ];
    for (const search of searches) {
      const found = await desk.call<{ data: unknown[] }>(mine.token, "GET", search);
      expect([search, expectStatus(found, 200).data]).toEqual([search, []]);
    }
    const names = [theirs.projectId, theirs.organization.id, wallet, transactionId];
    const secrets = [...names, ...Object.entries(ids).flatMap(([name, id]) => (name.endsWith("Id") ? [id] : []))];
    // What a page of theirs ended with moves a page of mine, and never shows what is theirs.
    const cursors = ["", `?cursor=${ids["relayId"]}`, `?cursor=${ids["keyId"]}`, `?cursor=${ids["decisionId"]}`];
    const lists = ROUTES.filter(([, { method, query }]) => method === "GET" && query !== undefined);
    for (const cursor of cursors) {
      for (const [operation, { path: route }] of lists) {
        const filled = route
          .replace("{projectId}", mine.projectId)
          .replace("{organizationId}", mine.organization.id)
          .replace("{network}", NETWORK);
        const { body } = await desk.call<unknown>(mine.token, "GET", `${filled}${cursor}`);
        const said = JSON.stringify(body) ?? "";
        expect([operation, secrets.filter((secret) => said.includes(secret))]).toEqual([operation, []]);
      }
    }
  });
});

test("what one organization relays is charged to nobody else's budgets, sponsors and sums", async () => {
  const before = await stateOf(theirs);
  const spentOf = async (sponsorId: string | undefined) =>
    (
      await stack.database.query(
        "select coalesce(sum(spent), 0)::text as spent from usage_sponsors where sponsor_id = $1",
        [sponsorId],
      )
    ).rows as unknown;
  await stack.database.query("select refresh_usage(now())");
  const [theirsBefore, mineBefore] = [await spentOf(theirs.ids["sponsorId"]), await spentOf(mine.ids["sponsorId"])];
  const sums = await stateOf(theirs);
  await mine.relay();
  await stack.database.query("select refresh_usage(now())");
  expect(await spentOf(mine.ids["sponsorId"])).not.toEqual(mineBefore);
  expect(await spentOf(theirs.ids["sponsorId"])).toEqual(theirsBefore);
  expect(await stateOf(theirs)).toEqual(sums);
  const usage = ({ name }: { name: string }) => !name.startsWith("usage_");
  expect((sums as { name: string }[]).filter(usage)).toEqual((before as { name: string }[]).filter(usage));
});

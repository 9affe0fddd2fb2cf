import { afterAll, beforeAll, expect, test } from "vitest";
import { MANAGE_ROUTES, type ManageRoute } from "../../../src/contract/manage/routes.ts";
import { type Console, createConsole, type Manager } from "../../support/manage.ts";
import type { ProblemBody } from "../../support/problems.ts";
import { NETWORK, type Stack, startStack } from "../../support/stack.ts";

let stack: Stack;
let desk: Console;
let owner: Manager;
let ids: Readonly<Record<string, string>>;
beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
  const organization = await desk.organization();
  owner = await organization.member("owner");
  const project = await stack.createProject();
  await organization.own(project);
  ids = { organizationId: organization.id, projectId: project.projectId, network: NETWORK };
});
afterAll(() => stack.close());

const READINGS = (Object.entries(MANAGE_ROUTES) as [string, ManageRoute][]).filter(
  ([, { target, method }]) => target !== "self" && (method === "GET" || method === "DELETE"),
);
const fill = (path: string, odd: string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? encodeURIComponent(odd));

/** A fault of the caller's is told as one; a 5xx would be ours, and raise an alarm. */
async function expectRefused(method: string, path: string): Promise<void> {
  const { status, body } = await desk.call<ProblemBody>(owner.token, method, path);
  expect([path, status, body.code]).toEqual([path, expect.any(Number), expect.any(String)]);
  expect([404, 409, 422]).toContain(status);
}

const ODD_TEXTS = ["\0", "a\0b", "\u{d7ff}\0"];

test("text that SQL cannot hold, in any part of any path, is nowhere", async () => {
  for (const [, { method, path, params }] of READINGS) {
    const isOwn = Object.keys(params).every((name) => name in ids);
    for (const odd of isOwn ? [] : ODD_TEXTS) await expectRefused(method, fill(path, odd));
  }
});

const QUERIES = ["search", "cursor", "code", "wallet", "account", "transactionId"].flatMap((name) =>
  ODD_TEXTS.map((odd) => `${name}=${encodeURIComponent(odd)}`),
);
const TIMES = [
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "2026-01-01T00:00:00+23:59",
  "2026-13-01T00:00:00Z",
].flatMap((time) => ["from", "to"].map((name) => `${name}=${encodeURIComponent(time)}`));

test.each([...QUERIES, ...TIMES])("a query of %s never reaches SQL as it is", async (query) => {
  for (const [, { method, path, query: schema, params }] of READINGS) {
    if (!schema || Object.keys(params).some((name) => !(name in ids))) continue;
    const { status } = await desk.call(owner.token, method, `${fill(path, "")}?${query}`);
    expect([path, query, [200, 422].includes(status)]).toEqual([path, query, true]);
  }
});

const HUGE = { version: "9999999999999999999", number: 2_147_483_648 };

test.each<[string, string, unknown]>([
  ["PATCH", "/projects/{projectId}", { version: HUGE.version, name: "x" }],
  ["PATCH", "/organizations/{organizationId}", { version: HUGE.version, name: "x" }],
  ["PUT", "/projects/{projectId}/networks/{network}/budgets", { version: HUGE.version, data: [] }],
  ["POST", "/projects/{projectId}/networks/{network}/policies/check", { document: {}, against: HUGE.number }],
  [
    "POST",
    "/projects/{projectId}/networks/{network}/policies/roll-back",
    { version: HUGE.number, expectedVersion: HUGE.number },
  ],
  ["POST", "/projects/{projectId}/networks/{network}/policies/publish", { document: {}, expectedVersion: HUGE.number }],
])("%s %s takes no number that SQL does not count to", async (method, path, body) => {
  const { status, body: problem } = await desk.call<ProblemBody>(owner.token, method, fill(path, ""), body);
  expect([status, problem.code]).toEqual([422, "request.invalid"]);
});

const NET = "/projects/{projectId}/networks/{network}";
const DRAFT = `pol_${"0".repeat(26)}`;
/** Each route that takes words, with a body in which one of them is odd. */
const BODIES: readonly [string, string, (odd: string) => object][] = [
  ["PATCH", "/organizations/{organizationId}", (name) => ({ version: "1", name })],
  ["POST", "/organizations/{organizationId}/invitations", (note) => ({ role: "viewer", note })],
  [
    "POST",
    "/organizations/{organizationId}/invitations",
    (odd) => ({ role: "viewer", wallet: `solana:${odd}aaaaaaaa` }),
  ],
  ["POST", "/organizations/{organizationId}/projects", (name) => ({ name, environment: "test" })],
  ["PATCH", "/projects/{projectId}", (name) => ({ version: "1", name })],
  ["PATCH", "/projects/{projectId}", (statement) => ({ version: "1", statement })],
  ["PATCH", "/projects/{projectId}", (odd) => ({ version: "1", theme: { accent: odd } })],
  ["PATCH", "/projects/{projectId}", (odd) => ({ version: "1", theme: { [odd]: "red" } })],
  ["POST", "/projects/{projectId}/origins", (odd) => ({ origin: `https://a${odd}.example` })],
  ["PUT", NET, (odd) => ({ explorer: `https://a.example/${odd}` })],
  ["POST", "/projects/{projectId}/keys", (name) => ({ kind: "secret", name, scopes: ["project:read"] })],
  ["POST", "/projects/{projectId}/keys", (name) => ({ kind: "publishable", name })],
  ["POST", `${NET}/policies/check`, (odd) => ({ document: { [odd]: odd } })],
  ["POST", `${NET}/policies/publish`, (odd) => ({ document: { a: odd }, expectedVersion: 1 })],
  ["POST", `${NET}/drafts`, (name) => ({ name, document: {} })],
  ["POST", `${NET}/drafts`, (odd) => ({ name: "x", document: { a: [odd] } })],
  ["PUT", `${NET}/drafts/${DRAFT}`, (odd) => ({ version: "1", document: { [odd]: 1 } })],
  ["POST", `${NET}/policies/idl`, (odd) => ({ idl: { [odd]: odd }, programAddress: odd })],
  ["POST", "/projects/{projectId}/explain", (wallet) => ({ network: NETWORK, transaction: "AA==", wallet })],
  ["POST", "/projects/{projectId}/backtests", (odd) => ({ network: NETWORK, days: 7, document: { [odd]: odd } })],
  ["POST", `${NET}/denylist`, (address) => ({ address })],
  ["POST", `${NET}/allowlist`, (address) => ({ address })],
  ["POST", `${NET}/denylist/import`, (csv) => ({ csv })],
  ["POST", `${NET}/allowlist/import`, (csv) => ({ csv })],
];

test.each(BODIES)(
  "%s %s is at fault itself for odd text in its body, never the store",
  async (method, path, bodyOf) => {
    for (const odd of ["\0", "a\0b"]) {
      const { status, body } = await desk.call<ProblemBody>(owner.token, method, fill(path, ""), bodyOf(odd));
      expect([status, body.code]).toEqual([
        422,
        expect.stringMatching(/^(?:request\.invalid|manage\.policy_invalid)$/),
      ]);
    }
    // Half a character is either refused or kept as the sign for one that is lost.
    for (const odd of ["\ud800", "a\udc00b"]) {
      const { status } = await desk.call(owner.token, method, fill(path, ""), bodyOf(odd));
      expect([200, 201, 404, 409, 422]).toContain(status);
    }
  },
);

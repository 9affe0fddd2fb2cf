import { readFileSync } from "node:fs";
import { createClaimCode } from "@gasless/db/claim";
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
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Membership } from "../../src/contract/manage/organizations.ts";
import type { PolicyCheck } from "../../src/contract/manage/policies.ts";
import type { CreatedKey, ManagedProject } from "../../src/contract/manage/projects.ts";
import { type Console, createConsole, type Manager } from "../support/manage.ts";
import { NETWORK, type Stack, startStack } from "../support/stack.ts";

const ORIGIN = "http://localhost:3000";
const read = (name: string): string =>
  readFileSync(new URL(`../../../docs/integrators/${name}.md`, import.meta.url), "utf8");
const firstBlock = (text: string, language: string): string =>
  new RegExp(`\`\`\`${language}.*\n([\\s\\S]*?)\n\`\`\``).exec(text)?.[1] ?? expect.fail(`no ${language}`);

let stack: Stack;
let desk: Console;
let owner: Manager;
beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
  // What an installation has before anybody has claimed it.
  await stack.createProject();
  owner = await desk.signIn();
});
afterAll(() => stack.close());

const make = async <Body>(method: string, path: string, body: object): Promise<Body> => {
  const answer = await desk.call<Body>(owner.token, method, path, body);
  return expectStatus(answer, method === "PUT" ? 200 : 201);
};

test("the seven steps of the quick start lead from a claim code to a relay that the sponsor paid for", async () => {
  const code = await createClaimCode(stack.database);
  const { organization, role } = await make<Membership>("POST", "/claim", { code, organization: "Shop Ltd" });
  expect(role).toBe("owner");

  const wanted = { name: "Shop", environment: "test", networks: [NETWORK] };
  const { id } = await make<ManagedProject>("POST", `/organizations/${organization.id}/projects`, wanted);
  expect(await make<object>("POST", `/projects/${id}/origins`, { origin: ORIGIN })).toEqual({ origin: ORIGIN });
  const { key } = await make<CreatedKey>("POST", `/projects/${id}/keys`, { kind: "publishable" });

  const network = `/projects/${id}/networks/${NETWORK}`;
  const document: unknown = JSON.parse(firstBlock(read("policies"), "json"));
  const checked = await desk.call<PolicyCheck>(owner.token, "POST", `${network}/policies/check`, { document });
  expect(expectStatus(checked, 200)).toMatchObject({ findings: [], currentVersion: null });
  await make("POST", `${network}/policies/publish`, { document, expectedVersion: null });
  const { version } = expectStatus(await desk.call<{ version: string }>(owner.token, "GET", `${network}/budgets`), 200);
  const data = [{ subject: "user", window: "day", unit: "relays", limit: "20" }];
  await make("PUT", `${network}/budgets`, { version, data });

  const page = { api: stack.api, origin: ORIGIN, publishableKey: key, network: NETWORK };
  const wallet = await createWallet();
  const { accessToken } = await signIn(page, wallet);
  const prepared = await prepareRelay(page, accessToken);
  const wire = await buildTransaction(prepared, [memoBy(wallet, "hello from a wallet without SOL")], [wallet]);
  const relay = expectStatus(await postRelay(page, accessToken, wire), 202);
  const landed = await followRelay(page, accessToken, relay.id);
  expect(landed).toMatchObject({ state: "finalized", fee: { charged: "10000" } });
});

test("the tag of the quick start is the one of the widget's own page", () => {
  const withApi = (text: string): string => text.replace(/(?<=api=")[^"]+/, stack.api);
  const own = firstBlock(readFileSync(new URL("../../../widget/README.md", import.meta.url), "utf8"), "html");
  expect(withApi(firstBlock(read("quick-start"), "html"))).toBe(withApi(own));
});

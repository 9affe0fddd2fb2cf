import { expectStatus, followRelay } from "@gasless/localnet/api-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MANAGE_ROUTES, type ManageRoute } from "../../src/contract/manage/routes.ts";
import { memo } from "../support/instructions.ts";
import { type Console, createConsole, type Manager, type Organization } from "../support/manage.ts";
import { NETWORK, type Stack, startStack } from "../support/stack.ts";
import { expectRefusal, post, type Visitor, visit, wireOf } from "../support/visitor.ts";

const STAKE_PROGRAM = "Stake11111111111111111111111111111111111111";
const READS = Object.entries<ManageRoute>(MANAGE_ROUTES).filter(([, { method }]) => method === "GET");

let stack: Stack;
let desk: Console;
let organization: Organization;
let owner: Manager;
let visitor: Visitor;
/** What stands in a path, of things that are there. */
let names: Readonly<Record<string, string>>;

/** A project with one of everything that can be read: a relay that landed, a refusal, a draft, a job, entries of lists. */
beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
  organization = await desk.organization();
  owner = await organization.member("owner");
  const project = await stack.createProject();
  await organization.own(project);
  visitor = await visit(project);
  const { projectId } = project;
  const { address } = visitor.wallet;
  const relay = expectStatus(await post(visitor, await wireOf(visitor, [memo([address], "hello")])), 202);
  await followRelay(project, visitor.token, relay.id);
  const unlisted = { program: STAKE_PROGRAM, accounts: [], data: new Uint8Array([0]) };
  expectRefusal(await post(visitor, await wireOf(visitor, [unlisted, memo([address], "no")])), "policy.program_not_allowed");

  const network = `/projects/${projectId}/networks/${NETWORK}`;
  const make = async (path: string, body: object): Promise<string> => {
    const { body: made, status } = await desk.call<{ id: string }>(owner.token, "POST", path, body);
    expect([201, 202], JSON.stringify(made)).toContain(status);
    return made.id;
  };
  const draftId = await make(`${network}/drafts`, { name: "Nothing", document: { allow: [] } });
  await make(`${network}/denylist`, { address, note: "why" });
  await make(`${network}/allowlist`, { address });
  await make(`/organizations/${organization.id}/invitations`, { role: "viewer" });
  const jobId = await make(`${network}/allowlist/import`, { csv: `${address},early\n`, mode: "add" });
  names = {
    organizationId: organization.id,
    projectId,
    network: NETWORK,
    version: "current",
    draftId,
    jobId,
    relayId: relay.id,
    userId: visitor.userId,
  };
});
afterAll(() => stack.close());

async function firstDecision(): Promise<string> {
  const { data } = expectStatus(
    await desk.call<{ data: readonly { id: string }[] }>(owner.token, "GET", `/projects/${names["projectId"]}/decisions`),
    200,
  );
  return data[0]?.id ?? expect.fail("nothing was decided");
}

test.each(READS)("%s answers what its schema says, and no field that it does not name", async (name, route) => {
  const { path, answer } = route;
  const decisionId = path.includes("{decisionId}") ? await firstDecision() : "";
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, part: string) => ({ ...names, decisionId })[part] ?? expect.fail(part));
  const body = expectStatus(await desk.call(owner.token, "GET", filled), answer.status);
  // Lines are for another reader.
  if (answer.mediaType !== undefined) return;
  const parsed = answer.schema?.safeParse(body);
  expect(parsed?.error?.issues, name).toBeUndefined();
  expect(body, name).toEqual(parsed?.data);
});

import type { Scope } from "../../../src/contract/manage/values.ts";
import { algorandDemoPolicy, demoPolicy } from "@gasless/db/factories";
import { expectStatus } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { BacktestResult, Job } from "../../../src/contract/manage/jobs.ts";
import { createAsset, enterAlgorand, optIn } from "../../support/algorand.ts";
import { memo, SYSTEM, transferSol } from "../../support/instructions.ts";
import { followJob } from "../../support/jobs.ts";
import { type Console, createConsole, type Manager, type Organization } from "../../support/manage.ts";
import { comeIn, link } from "../../support/people.ts";
import { expectProblem } from "../../support/problems.ts";
import { NETWORK, type Stack, startStack } from "../../support/stack.ts";
import { expectRefusal, post, type Visitor, visit, wireOf } from "../../support/visitor.ts";

let stack: Stack;
let desk: Console;
let organization: Organization;
let developer: Manager;
beforeAll(async () => {
  stack = await startStack({ algorand: {} });
  desk = createConsole(stack);
  organization = await desk.organization();
  developer = await organization.member("developer");
});
afterAll(() => stack.close());

const withoutTransfers = { ...demoPolicy, allow: demoPolicy.allow.filter(({ program }) => program !== SYSTEM) };
const withoutMemos = { ...demoPolicy, allow: demoPolicy.allow.filter(({ instruction }) => instruction !== "memo") };
const FEE = 10_000;

async function visitOwnProject(policy: unknown = withoutTransfers): Promise<Visitor> {
  const target = await stack.createProject({
    policy,
    limits: [{ subjectKind: "user", window: "lifetime", unit: "relays", amount: 2n }],
  });
  await organization.own(target);
  return visit(target);
}

type Target = Pick<Visitor, "target">;

const start = ({ target }: Target, request: object, token = developer.token) =>
  desk.call<Job>(token, "POST", `/projects/${target.projectId}/backtests`, {
    network: target.network,
    days: 7,
    ...request,
  });

async function backtest(visitor: Target, request: object): Promise<BacktestResult> {
  const { id } = expectStatus(await start(visitor, request), 202);
  const job = await followJob(desk, developer.token, visitor.target.projectId, id);
  expect(job).toMatchObject({ state: "succeeded", error: null, kind: "backtest", done: job.total });
  return job.result as BacktestResult;
}

const waitForDecisions = ({ target }: Target, count: number) =>
  vi.waitFor(async () => {
    const { rows } = await stack.database.query("select from decisions where project_id = $1", [target.projectId]);
    expect(rows).toHaveLength(count);
  });

/** Two memos that are sponsored, and after them a transfer, a memo over the budget, a denied one, and nonsense. */
async function decideOften(): Promise<Visitor> {
  const visitor = await visitOwnProject();
  const { wallet } = visitor;
  const { address: friend } = await createWallet();
  const memoOf = (text: string) => wireOf(visitor, [memo([wallet.address], text)]);
  for (const text of ["one", "two"]) expectStatus(await post(visitor, await memoOf(text)), 202);
  const transfer = await wireOf(visitor, [transferSol(wallet.address, friend, 0)]);
  expectRefusal(await post(visitor, transfer), "policy.program_not_allowed");
  expectRefusal(await post(visitor, await memoOf("three")), "budget.lifetime_exhausted");
  await stack.database.query("insert into denied_accounts (project_id, network, address) values ($1, $2, $3)", [
    visitor.target.projectId,
    NETWORK,
    wallet.address,
  ]);
  expectRefusal(await post(visitor, await memoOf("four")), "policy.account_denied");
  expectRefusal(await post(visitor, Uint8Array.of(1, 2, 3)), "transaction.malformed");
  await waitForDecisions(visitor, 6);
  return visitor;
}

const outcome = (count: number) => ({ count, fee: String(count * FEE), rent: "0" });

test("names decisions to keys that may look at traffic, and to no other key", async () => {
  const visitor = await visitOwnProject();
  const { projectId } = visitor.target;
  const transfer = await wireOf(visitor, [transferSol(visitor.wallet.address, (await createWallet()).address, 0)]);
  expectRefusal(await post(visitor, transfer), "policy.program_not_allowed");
  await waitForDecisions(visitor, 1);
  await backtest(visitor, { document: demoPolicy });
  const samplesFor = async (...scopes: readonly Scope[]) => {
    const key = await organization.key(projectId, scopes);
    const path = `/projects/${projectId}/jobs`;
    const listed = expectStatus(await desk.call<{ data: readonly Job[] }>(key, "GET", path), 200).data;
    const read = expectStatus(await desk.call<Job>(key, "GET", `${path}/${listed[0]?.id}`), 200);
    expect(listed).toEqual([read]);
    const { samples, newlySponsored } = read.result as BacktestResult;
    return { samples: samples.length, newlySponsored: newlySponsored.count };
  };
  expect(await samplesFor("jobs:read")).toEqual({ samples: 0, newlySponsored: 1 });
  expect(await samplesFor("jobs:read", "traffic:read")).toEqual({ samples: 1, newlySponsored: 1 });
});

describe("a draft held against what was decided", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await decideOften();
  });

  test("that says what was in force changes nothing", async () => {
    expect(await backtest(visitor, { document: withoutTransfers })).toEqual({
      kind: "backtest",
      days: 7,
      decisions: 6,
      unreadable: 1,
      stillSponsored: outcome(2),
      newlySponsored: outcome(0),
      newlyRefused: outcome(0),
      stillRefused: outcome(1),
      refusedOtherwise: outcome(2),
      codes: [
        { code: "budget.lifetime_exhausted", before: 1, after: 1 },
        { code: "policy.account_denied", before: 1, after: 1 },
        { code: "policy.program_not_allowed", before: 1, after: 1 },
        { code: "transaction.malformed", before: 1, after: 1 },
      ],
      samples: [],
    });
  });

  test("that allows more says what it would sponsor and cost; budgets and lists go on refusing", async () => {
    const result = await backtest(visitor, { document: demoPolicy });
    expect(result).toMatchObject({
      stillSponsored: outcome(2),
      newlySponsored: outcome(1),
      stillRefused: outcome(0),
      refusedOtherwise: outcome(2),
      samples: [{ change: "newlySponsored", before: "policy.program_not_allowed", after: null }],
    });
    const { rows } = await stack.database.query<{ code: string }>("select code from decisions where id = $1", [
      result.samples[0]?.decisionId,
    ]);
    expect(rows).toEqual([{ code: "policy.program_not_allowed" }]);
  });

  test("that allows less says what it would refuse, also of what was refused for something else", async () => {
    expect(await backtest(visitor, { document: withoutMemos, days: 30 })).toMatchObject({
      days: 30,
      stillSponsored: outcome(0),
      newlySponsored: outcome(1),
      newlyRefused: outcome(2),
      stillRefused: outcome(2),
      refusedOtherwise: outcome(0),
    });
  });

  test("may be one that is kept, and is taken as it stands now", async () => {
    const draftId = `pol_${"1".repeat(26)}`;
    await stack.database.query(
      "insert into policy_drafts (id, project_id, network, name, document) values ($1, $2, $3, 'More', $4)",
      [draftId, visitor.target.projectId, NETWORK, JSON.stringify(demoPolicy)],
    );
    expect(await backtest(visitor, { draftId })).toMatchObject({ newlySponsored: outcome(1) });
    expectProblem(await start(await visitOwnProject(), { draftId }), 404, "request.not_found");
  });

  test("leaves out what is older, of another network, or decided after it was started", async () => {
    const own = await visitOwnProject();
    expectStatus(await post(own, await wireOf(own, [memo([own.wallet.address], "old")])), 202);
    expectStatus(await post(own, await wireOf(own, [memo([own.wallet.address], "new")])), 202);
    await waitForDecisions(own, 2);
    const { projectId } = own.target;
    await stack.database.query(
      `update decisions set decided_at = now() - interval '8 days' where id = (
        select id from decisions where project_id = $1 order by decided_at limit 1)`,
      [projectId],
    );
    await stack.database.query(
      `insert into decisions select (jsonb_populate_record(kept.d, jsonb_build_object('id', (kept.d).id || other.network,
          'relay_id', null, 'network', other.network, 'decided_at', now() + other.shift))).*
        from (select d from decisions d where project_id = $1 limit 1) kept,
          (values ('solana:devnet', interval '0'), ('solana:localnet', interval '1 minute')) other (network, shift)`,
      [projectId],
    );
    expect(await backtest(own, { document: demoPolicy })).toMatchObject({ decisions: 1 });
    expect(await backtest(own, { document: demoPolicy, days: 30 })).toMatchObject({ decisions: 2 });
  });

  test("does not take a wallet that was linked for a stranger", async () => {
    const own = await visitOwnProject();
    const other = await createWallet();
    await link(await comeIn(own.target, own.wallet), other);
    const wire = await wireOf({ ...own, wallet: other }, [memo([other.address], "linked")]);
    expectStatus(await post(own, wire), 202);
    await waitForDecisions(own, 1);
    expect(await backtest(own, { document: demoPolicy })).toMatchObject({ stillSponsored: outcome(1) });
  });
});

test("a group is held against a draft whole, with the minimum balance that it was given", async () => {
  const side = stack.algorand;
  if (!side) throw new Error("the stack has no Algorand");
  const target = await side.createProject();
  await organization.own(target);
  const { wallet, relay } = await enterAlgorand(target);
  expectStatus(await relay([optIn(side, wallet.address, createAsset(side))]), 202);
  await waitForDecisions({ target }, 1);
  const given = { count: 1, fee: "2000", rent: "200000" };
  const { minimumBalance: _minimumBalance, maxRent: _maxRent, ...withoutRent } = algorandDemoPolicy();
  expect(await backtest({ target }, { document: algorandDemoPolicy() })).toMatchObject({ stillSponsored: given });
  expect(await backtest({ target }, { document: withoutRent })).toMatchObject({ newlyRefused: given });
});

test("what the rules of that time had nothing against was refused by the chain, and is under any draft", async () => {
  const visitor = await visitOwnProject();
  expectStatus(await post(visitor, await wireOf(visitor, [memo([visitor.wallet.address], "one")])), 202);
  await waitForDecisions(visitor, 1);
  await stack.database.query(
    "update decisions set verdict = 'refuse', code = 'policy.fee_payer_misused' where project_id = $1",
    [visitor.target.projectId],
  );
  expect(await backtest(visitor, { document: demoPolicy })).toMatchObject({
    newlySponsored: outcome(0),
    refusedOtherwise: outcome(1),
  });
});

describe("a backtest is refused", () => {
  test("when its draft does not fit the schema, with pointers", async () => {
    const visitor = await visitOwnProject();
    const answer = await start(visitor, { document: { ...demoPolicy, maxFee: 5 } });
    expectProblem(answer, 422, "manage.policy_invalid");
    expect((answer.body as unknown as { errors: unknown }).errors).toMatchObject([{ pointer: "/maxFee" }]);
  });

  test("when there is no draft, or two", async () => {
    const visitor = await visitOwnProject();
    for (const request of [{}, { document: demoPolicy, draftId: `pol_${"1".repeat(26)}` }]) {
      expectProblem(await start(visitor, request), 422, "request.invalid");
    }
    expectProblem(await start(visitor, { document: demoPolicy, days: 8 }), 422, "request.invalid");
  });

  test("on a network that the project does not have", async () => {
    const visitor = await visitOwnProject();
    const answer = await start(visitor, { document: demoPolicy, network: "solana:devnet" });
    expectProblem(answer, 403, "project.network_not_enabled");
  });

  test("to a viewer, to another organization, and to a key without the scope", async () => {
    const visitor = await visitOwnProject();
    const request = { document: demoPolicy };
    const viewer = await organization.member("viewer");
    const stranger = await (await desk.organization("Others")).member("owner");
    const reader = await organization.key(visitor.target.projectId, ["jobs:read"]);
    for (const token of [viewer.token, reader]) {
      expectProblem(await start(visitor, request, token), 403, "auth.scope_missing");
    }
    expectProblem(await start(visitor, request, stranger.token), 404, "request.not_found");
    const writer = await organization.key(visitor.target.projectId, ["jobs:write"]);
    expectStatus(await start(visitor, request, writer), 202);
  });
});

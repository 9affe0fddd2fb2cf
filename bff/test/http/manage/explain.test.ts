import { demoPolicy, type ProjectSeed } from "@gasless/db/factories";
import { expectStatus, followRelay, toBase64 } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Draft, ManageExplanation } from "../../../src/contract/manage/policies.ts";
import type { SolanaPolicy } from "../../../src/contract/policy.ts";
import { FRIEND, pays, USER } from "../../support/algorand-groups.ts";
import { type AlgorandScene, createOpenProject, drawGroup, openScene } from "../../support/algorand-scene.ts";
import { assembleMessage, signMessage } from "../../support/assemble.ts";
import { createAssociatedAccount } from "../../support/associated-token.ts";
import { computePrice, memo, MEMO, transferSol } from "../../support/instructions.ts";
import { placeLookupTable, wireWithTable } from "../../support/lookup-table.ts";
import { type Console, createConsole, type Manager, type Organization } from "../../support/manage.ts";
import { expectInvalid, expectProblem } from "../../support/problems.ts";
import { NETWORK, type Stack } from "../../support/stack.ts";
import { placeMint } from "../../support/token-scene.ts";
import { EMPTY_LEDGER, ledgerOf, post, type Visitor, visit, wireOf } from "../../support/visitor.ts";

let scene: AlgorandScene;
let stack: Stack;
let desk: Console;
let organization: Organization;
let viewer: Manager;
beforeAll(async () => {
  scene = await openScene();
  stack = scene.stack;
  desk = createConsole(stack);
  organization = await desk.organization();
  viewer = await organization.member("viewer");
});
afterAll(() => stack.close());

async function visitOwnProject(policy: Partial<SolanaPolicy> = {}, seed: Partial<ProjectSeed> = {}): Promise<Visitor> {
  const project = await stack.createProject({
    sponsorAddress: scene.solanaSponsor,
    policy: { ...demoPolicy, ...policy },
    ...seed,
  });
  await organization.own(project);
  return visit(project);
}

const ask = ({ target: { projectId } }: Pick<Visitor, "target">, body: object, token = viewer.token) =>
  desk.call<ManageExplanation>(token, "POST", `/projects/${projectId}/explain`, body);

async function explain(who: Pick<Visitor, "target">, body: object): Promise<ManageExplanation> {
  const answer = await ask(who, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

type Allowed = SolanaPolicy["allow"];
const WITHOUT_MEMO = demoPolicy.allow.filter(({ instruction }) => instruction !== "memo") as unknown as Allowed;
const MEMO_ALONE: Allowed = demoPolicy.allow.filter(({ instruction }) => instruction === "memo") as unknown as Allowed;

const about = (wire: Uint8Array) => ({ network: NETWORK, transaction: toBase64(wire) });
const hello = ({ wallet }: Visitor) => memo([wallet.address], "hello");
const failing = ({ trace }: ManageExplanation) =>
  trace.filter(({ verdict }) => verdict === "fail").map(({ rule }) => rule);

/** Every fix that is offered, applied: fewer rules fail after each, and after the last none. */
async function expectFixed(who: Visitor, wire: Uint8Array): Promise<ManageExplanation> {
  const before = await explain(who, about(wire));
  expect(before.verdict).toBe("refuse");
  expect(before.fixes.length).toBeGreaterThan(0);
  for (const [index, { document }] of before.fixes.entries()) {
    const after = await explain(who, { ...about(wire), document });
    expect(failing(after).length).toBeLessThan(failing(before).length);
    if (index === before.fixes.length - 1) expect(failing(after)).toEqual([]);
    const checked = await desk.call<{ findings: { severity: string }[] }>(
      viewer.token,
      "POST",
      `/projects/${who.target.projectId}/networks/${NETWORK}/policies/check`,
      { document },
    );
    expect(checked.body.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  }
  return before;
}

describe("an explanation of a transaction", () => {
  test("tells a viewer every rule, the instructions in the policy's words and whose it is, and holds nothing", async () => {
    const visitor = await visitOwnProject();
    const { wallet, target } = visitor;
    const explanation = await explain(visitor, about(await wireOf(visitor, [hello(visitor)])));
    expect(explanation).toMatchObject({
      verdict: "sponsor",
      policyVersion: 1,
      network: NETWORK,
      wallet: `solana:${wallet.address}`,
      decided: null,
      cost: { fee: "10000", rent: "0" },
      instructions: [
        {
          program: MEMO,
          programName: "Memo",
          instruction: "memo",
          arguments: { memo: "hello" },
          accounts: [{ role: "signers", address: wallet.address }],
        },
      ],
      fixes: [],
    });
    expect(await ledgerOf(stack, target)).toEqual(EMPTY_LEDGER);
  });

  test("shows what is left of the budgets of a wallet that has used some, and of a new user's all", async () => {
    const visitor = await visitOwnProject(
      {},
      {
        limits: [
          { subjectKind: "user", window: "day", unit: "relays", amount: 20n },
          { subjectKind: "project", window: "day", unit: "relays", amount: 900n },
        ],
      },
    );
    expect((await post(visitor, await wireOf(visitor, [memo([visitor.wallet.address], "first")]))).status).toBe(202);
    const wire = about(await wireOf(visitor, [hello(visitor)]));
    const remaining = ({ trace }: ManageExplanation, subject = "user") =>
      trace.find(({ rule }) => rule === `budget-${subject}-day-relays`)?.remaining;
    const wallet = `solana:${visitor.wallet.address}`;
    expect(remaining(await explain(visitor, { ...wire, wallet }))).toBe("19");
    expect(remaining(await explain(visitor, wire))).toBe("20");
    expect(remaining(await explain(visitor, wire), "project")).toBe("899");
  });

  test("of bytes that cannot be read says so and describes nothing", async () => {
    const visitor = await visitOwnProject();
    const explanation = await explain(visitor, about(Uint8Array.of(1, 2, 3)));
    expect(explanation).toMatchObject({ verdict: "refuse", wallet: "", instructions: [], fixes: [] });
    expect(failing(explanation)).toEqual(["transaction-is-readable"]);
  });

  test("of a group names each of its transactions, and what would let it through", async () => {
    const target = await createOpenProject(scene, { allow: [{ transaction: "asset-opt-in" }] });
    await organization.own(target);
    const transactions = drawGroup(scene, { user: [pays()] }).map(toBase64);
    const body = { network: target.network, transactions };
    const { fixes, instructions, wallet } = await explain({ target }, body);
    expect(wallet).toBe(`algorand:${USER.address}`);
    expect(instructions.map(({ instruction }) => instruction)).toEqual(["payment", "payment"]);
    expect(fixes).toHaveLength(1);
    const [fix] = fixes;
    expect(fix?.document["allow"]).toContainEqual({
      transaction: "payment",
      arguments: { receiver: { eq: FRIEND.address }, amount: { lte: "0" } },
    });
    expect(failing(await explain({ target }, { ...body, document: fix?.document }))).not.toContain(
      "transactions-are-allowed",
    );
  });
});

describe("a past decision", () => {
  test("is explained by today's policy beside what was decided then", async () => {
    const visitor = await visitOwnProject({ maxComputeUnitPrice: "10" });
    const refused = await post(visitor, await wireOf(visitor, [hello(visitor), computePrice(20)]));
    expect(refused.status).toBe(403);
    const decisionId = refused.body["requestId"];
    const explanation = await explain(visitor, { decisionId });
    expect(explanation).toMatchObject({
      verdict: "refuse",
      wallet: `solana:${visitor.wallet.address}`,
      decided: { verdict: "refuse", code: "policy.fee_exceeded", policyVersion: 1, at: expect.any(String) },
    });
    expect(failing(explanation)).toContain("compute-unit-price-within-limit");
    expect(explanation.fixes[0]?.document).toMatchObject({ maxComputeUnitPrice: "20" });
  });

  test("is not refused because its time is over, or it has landed: a policy that allows it says so", async () => {
    const visitor = await visitOwnProject({ allow: WITHOUT_MEMO });
    const refused = await post(visitor, await wireOf(visitor, [hello(visitor)]));
    expect(refused.status).toBe(403);
    const payer = await visitOwnProject();
    const accepted = await post(payer, await wireOf(payer, [hello(payer)]));
    await followRelay(payer.target, payer.token, expectStatus(accepted, 202).id);
    const sponsored = { decisionId: accepted.headers.get("request-id") };
    expect(await explain(payer, sponsored)).toMatchObject({ verdict: "sponsor", decided: { verdict: "sponsor" } });

    stack.solana.chain.warp(400);
    const allowing = await explain(visitor, { decisionId: refused.body["requestId"], document: demoPolicy });
    expect([allowing.verdict, failing(allowing)]).toEqual(["sponsor", []]);
    const skipped = allowing.trace.filter(({ verdict }) => verdict === "skip");
    expect(skipped.map(({ rule }) => rule)).toContain("simulation-succeeds");
    expect(new Set(skipped.map(({ hint }) => hint))).toEqual(
      new Set(["Its time is over since: what it would do on the chain is not asked."]),
    );
    const still = await explain(visitor, { decisionId: refused.body["requestId"] });
    expect([still.verdict, failing(still)]).toEqual(["refuse", ["instructions-are-allowed"]]);
    expect(still.fixes).not.toEqual([]);
    expect((await explain(payer, sponsored)).verdict).toBe("sponsor");
    // Of one that nobody has decided about, it is told.
    const late = about(await wireOf(payer, [memo([payer.wallet.address], "late")]));
    stack.solana.chain.warp(400);
    const tooLate = await post(payer, Buffer.from(late.transaction, "base64"));
    const decided = await explain(payer, { decisionId: tooLate.body["requestId"] });
    expect([decided.verdict, decided.decided?.code]).toEqual(["refuse", "transaction.expired"]);
    const { trace } = await explain(payer, late);
    expect(trace.filter(({ verdict }) => verdict === "fail")).toMatchObject([
      { rule: "simulation-succeeds", code: "transaction.expired", hint: "Prepare it again, and sign once more." },
    ]);
  });

  test("of another project is not there, for its own members either", async () => {
    const victim = await visitOwnProject();
    const accepted = await post(victim, await wireOf(victim, [hello(victim)]));
    const decisionId = accepted.headers.get("request-id");
    expect((await explain(victim, { decisionId })).decided?.verdict).toBe("sponsor");
    const other = await visitOwnProject();
    expectProblem(await ask(other, { decisionId }), 404, "request.not_found");
    const stranger = await (await desk.organization("Strangers")).member("owner");
    expectProblem(await ask(victim, { decisionId }, stranger.token), 404, "request.not_found");
  });
});

describe("another policy", () => {
  test("a draft and a document are asked without being published, and say so", async () => {
    const visitor = await visitOwnProject();
    const document = { ...demoPolicy, allow: WITHOUT_MEMO };
    const developer = await organization.member("developer");
    const { body: draft } = await desk.call<Draft>(
      developer.token,
      "POST",
      `/projects/${visitor.target.projectId}/networks/${NETWORK}/drafts`,
      { name: "no memos", document },
    );
    const wire = about(await wireOf(visitor, [hello(visitor)]));
    for (const by of [{ draftId: draft.id }, { document }]) {
      const explanation = await explain(visitor, { ...wire, ...by });
      expect(explanation).toMatchObject({ verdict: "refuse", policyVersion: null });
      expect(failing(explanation)).toEqual(["instructions-are-allowed"]);
    }
    expect((await explain(visitor, wire)).verdict).toBe("sponsor");
    const other = await visitOwnProject();
    expectProblem(await ask(other, { ...wire, draftId: draft.id }), 404, "request.not_found");
  });

  test("explains where nothing is published yet; without one that is an error of its own", async () => {
    const visitor = await visitOwnProject();
    const { projectId } = visitor.target;
    await stack.database.query("update project_networks set policy_version = null where project_id = $1", [projectId]);
    const wire = about(await wireOf(visitor, [hello(visitor)]));
    expectProblem(await ask(visitor, wire), 403, "policy.not_published");
    expect(await explain(visitor, { ...wire, document: demoPolicy })).toMatchObject({
      verdict: "sponsor",
      policyVersion: null,
    });
  });

  test("that is none is refused with the places of its faults", async () => {
    const visitor = await visitOwnProject();
    const wire = about(await wireOf(visitor, [hello(visitor)]));
    const { errors = [] } = expectProblem(
      await ask(visitor, { ...wire, document: { ...demoPolicy, maxFee: 5 } }),
      422,
      "manage.policy_invalid",
    );
    expect(errors.map(({ pointer }) => pointer)).toEqual(["/maxFee"]);
  });
});

describe("every fix that is offered, applied, makes its rule pass", () => {
  test("bounds, an instruction that is missing, and all of it together", async () => {
    const visitor = await visitOwnProject({
      allow: WITHOUT_MEMO,
      maxComputeUnitPrice: "10",
    });
    const { fixes } = await expectFixed(visitor, await wireOf(visitor, [hello(visitor), computePrice(20)]));
    expect(fixes).toHaveLength(3);
    // The smallest first.
    expect(fixes.at(-1)?.document).toMatchObject({ maxComputeUnitPrice: "20" });
  });

  test("a token account whose rent the sponsor pays, in a project with a budget of rent", async () => {
    const policy = { allow: MEMO_ALONE, sponsorRoles: [], maxRent: undefined };
    const visitor = await visitOwnProject(policy);
    const mint = placeMint(stack);
    const create = await createAssociatedAccount({ payer: visitor.sponsor, owner: visitor.wallet.address, mint });
    const { fixes } = await expectFixed(visitor, await wireOf(visitor, [create, hello(visitor)]));
    expect(fixes.at(-1)?.document).toMatchObject({ sponsorRoles: [{ role: "payer" }], maxRent: "2039280" });
    // Without a budget whoever makes wallets would take all of it.
    const unbounded = await visitOwnProject(policy, { limits: [] });
    const again = await createAssociatedAccount({ payer: unbounded.sponsor, owner: unbounded.wallet.address, mint });
    const explanation = await explain(unbounded, about(await wireOf(unbounded, [again, hello(unbounded)])));
    expect(failing(explanation)).toContain("rent-is-sponsored");
    expect(explanation.fixes).toEqual([]);
    expect(explanation.trace.find(({ rule }) => rule === "rent-is-sponsored")?.hint).toContain("a budget of rent");
  });

  test("a lookup table, whose accounts are told when it is resolved", async () => {
    const visitor = await visitOwnProject();
    const { address } = await createWallet();
    await stack.airdrop(visitor.wallet.address, 10_000_000n);
    const table = placeLookupTable(stack, [address]);
    const transfer = transferSol(visitor.wallet.address, address, 1_000_000);
    const instructions = [{ ...transfer, accounts: transfer.accounts ?? [], data: transfer.data ?? [] }];
    const wire = await wireWithTable(visitor, instructions, table, [address]);
    const { fixes, instructions: unresolved } = await expectFixed(visitor, wire);
    expect(fixes[0]?.document).toMatchObject({ lookupTables: [table] });
    expect(unresolved[0]?.accounts[1]).toEqual({ role: "destination", address: "in a lookup table" });
    const resolved = await explain(visitor, { ...about(wire), document: fixes[0]?.document });
    expect(resolved.instructions[0]?.accounts[1]).toEqual({ role: "destination", address });
  });
});

describe("no fix is offered, but a hint what to do instead, where", () => {
  test("the sponsor would be misused, an account is denied, or the transaction is somebody else's", async () => {
    const visitor = await visitOwnProject({ maxComputeUnitPrice: "10" });
    const { wallet, sponsor, blockhash, target } = visitor;
    const friend = await createWallet();
    const denied = (await createWallet()).address;
    await stack.database.query("insert into denied_accounts (project_id, network, address) values ($1, $2, $3)", [
      target.projectId,
      NETWORK,
      denied,
    ]);
    const others = [friend];
    const wires = {
      misused: await wireOf(visitor, [transferSol(sponsor, wallet.address, 5), computePrice(20)]),
      denied: await wireOf(visitor, [hello(visitor), transferSol(wallet.address, denied, 5), computePrice(20)]),
      foreign: await wireOf(
        visitor,
        [hello(visitor), transferSol(friend.address, wallet.address, 5), computePrice(20)],
        { others },
      ),
      forged: await signMessage(
        assembleMessage({ feePayer: sponsor, blockhash, instructions: [hello(visitor), computePrice(20)] }),
        [{ ...wallet, sign: (bytes: Uint8Array) => wallet.sign(Uint8Array.from([...bytes, 1])) }],
      ),
    };
    for (const [name, wire] of Object.entries(wires)) {
      const explanation = await explain(visitor, about(wire));
      expect({ name, verdict: explanation.verdict, fixes: explanation.fixes }).toEqual({
        name,
        verdict: "refuse",
        fixes: [],
      });
      for (const { verdict, hint } of explanation.trace)
        if (verdict === "fail") expect(hint?.length).toBeGreaterThan(10);
    }
  });
});

describe("who may ask, and how", () => {
  test("a key needs the scope of policies, and gets no more than a member", async () => {
    const visitor = await visitOwnProject();
    const wire = about(await wireOf(visitor, [hello(visitor)]));
    const reader = await organization.key(visitor.target.projectId, ["policies:read"]);
    expect((await ask(visitor, wire, reader)).status).toBe(200);
    const other = await organization.key(visitor.target.projectId, ["traffic:read"]);
    expectProblem(await ask(visitor, wire, other), 403, "auth.scope_missing");
  });

  test("what was decided, and what somebody has used, is traffic: the scope of policies alone does not show it", async () => {
    const visitor = await visitOwnProject();
    const wire = await wireOf(visitor, [hello(visitor)]);
    const { id: relayId } = expectStatus(await post(visitor, wire), 202);
    const { rows } = await stack.database.query<{ id: string }>("select id from decisions where relay_id = $1", [
      relayId,
    ]);
    const questions = [{ decisionId: rows[0]?.id }, { ...about(wire), wallet: `solana:${visitor.wallet.address}` }];
    const reader = await organization.key(visitor.target.projectId, ["policies:read"]);
    const both = await organization.key(visitor.target.projectId, ["policies:read", "traffic:read"]);
    for (const question of questions) {
      const refused = await ask(visitor, question, reader);
      expectProblem(refused, 403, "auth.scope_missing");
      expect(refused.body).toMatchObject({ context: { scope: "traffic:read" } });
      expectStatus(await ask(visitor, question, both), 200);
    }
  });

  test("a question that is none says what is missing", async () => {
    const visitor = await visitOwnProject();
    const { transaction } = about(await wireOf(visitor, [hello(visitor)]));
    expectInvalid(await ask(visitor, {}), ["/transaction"]);
    expectInvalid(await ask(visitor, { transaction }), ["/network"]);
    expectInvalid(await ask(visitor, { network: NETWORK, transaction, transactions: [transaction] }), ["/transaction"]);
    expectInvalid(await ask(visitor, { network: NETWORK, transactions: [transaction] }), ["/transaction"]);
    expectInvalid(await ask(visitor, { decisionId: "req_x", network: NETWORK }), ["/decisionId"]);
    expectInvalid(await ask(visitor, { network: NETWORK, transaction, wallet: "solana:nobody" }), ["/wallet"]);
    const elsewhere = { network: "algorand:localnet", transactions: [transaction] };
    expectProblem(await ask(visitor, elsewhere), 403, "project.network_not_enabled");
  });
});

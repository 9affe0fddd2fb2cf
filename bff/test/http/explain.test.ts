import { demoPolicy } from "@gasless/db/factories";
import { callApi, followRelay, toBase64 } from "@gasless/localnet/api-client";
import { untilRoomInMinute } from "@gasless/localnet/testing/minute";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Explanation } from "../../src/contract/relays.ts";
import { assembleMessage, signMessage } from "../support/assemble.ts";
import { createAssociatedAccount } from "../support/associated-token.ts";
import { computePrice, memo, transferSol } from "../support/instructions.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { placeMint } from "../support/token-scene.ts";
import {
  EMPTY_LEDGER,
  expectRefusal,
  ledgerOf,
  post,
  type Visitor,
  visit,
  visitNewProject,
  wireOf,
} from "../support/visitor.ts";

let stack: Stack;
let visitor: Visitor;
beforeAll(async () => {
  stack = await startStack();
  visitor = await visitNewProject(stack);
});
afterAll(() => stack.close());

const ask = (who: Visitor, wire: Uint8Array) =>
  callApi<Explanation>(who.target, "POST", "/v1/relays/explain", {
    token: who.token,
    body: { network: who.target.network, transaction: toBase64(wire) },
  });

async function explain(who: Visitor, wire: Uint8Array): Promise<Explanation> {
  const { status, body } = await ask(who, wire);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

const failures = ({ trace }: Explanation) => trace.filter(({ verdict }) => verdict === "fail");
const hello = ({ wallet }: Visitor) => memo([wallet.address], "hello");

describe("an explanation", () => {
  test("says of what would be sponsored that every rule passes, with the cost and the budgets", async () => {
    const { verdict, cost, policyVersion, trace } = await explain(visitor, await wireOf(visitor, [hello(visitor)]));
    expect({ verdict, cost, policyVersion }).toEqual({
      verdict: "sponsor",
      cost: { fee: "10000", rent: "0" },
      policyVersion: 1,
    });
    expect(trace.every(({ verdict: own }) => own === "pass")).toBe(true);
    expect(trace).toContainEqual({ rule: "fee-within-limit", verdict: "pass", observed: "10000", limit: "25000" });
    const budget = trace.find(({ rule }) => rule === "budget-user-day-relays");
    expect(budget).toMatchObject({ verdict: "pass", observed: "1", limit: "20", remaining: "20" });
    expect(Date.parse(budget?.resetsAt ?? "")).toBeGreaterThan(Date.now());
    expect(trace.map(({ rule }) => rule)).toContain("sponsor-loses-no-more-than-quoted");
  });

  test("works for a transaction that nobody has signed yet", async () => {
    const { sponsor, blockhash } = visitor;
    const message = assembleMessage({ feePayer: sponsor, blockhash, instructions: [hello(visitor)] });
    const { verdict, trace } = await explain(visitor, await signMessage(message, []));
    expect(verdict).toBe("sponsor");
    expect(trace).toContainEqual({ rule: "signers-have-signed", verdict: "skip", hint: expect.any(String) });
  });

  test("tells every rule that fails and how to mend it, not only the first", async () => {
    const wire = await wireOf(visitor, [
      transferSol(visitor.sponsor, visitor.wallet.address, 5),
      computePrice(900_000),
    ]);
    const explanation = await explain(visitor, wire);
    expect(explanation.verdict).toBe("refuse");
    const rules = failures(explanation).map(({ rule, code }) => `${rule} ${code}`);
    expect(rules).toContain("sponsor-is-isolated policy.fee_payer_misused");
    expect(rules).toContain("instructions-are-allowed policy.argument_not_allowed");
    expect(rules).toContain("compute-unit-price-within-limit policy.fee_exceeded");
    expect(rules).toContain("fee-within-limit policy.fee_exceeded");
    for (const { hint } of failures(explanation)) expect(hint?.length).toBeGreaterThan(10);
  });

  test("gives the code that the decision gives, as its first failure", async () => {
    const cases = [
      [transferSol(visitor.sponsor, visitor.wallet.address, 5)],
      [hello(visitor), computePrice(900_000)],
      [{ program: visitor.wallet.address, accounts: [[visitor.wallet.address, "s"]] as const, data: [1] }],
      [transferSol(visitor.wallet.address, visitor.sponsor, 5)],
      // The wallet has no lamports: only the simulation can tell.
      [transferSol(visitor.wallet.address, visitor.wallet.address, 1_000_000)],
    ];
    for (const instructions of cases) {
      const wire = await wireOf(visitor, instructions);
      const [first] = failures(await explain(visitor, wire));
      const decided = await post(visitor, wire);
      expect(decided.body["code"]).toBe(first?.code);
    }
  });

  test("names a denied account and an exhausted budget without holding anything", async () => {
    const poor = await visitNewProject(stack, {
      limits: [{ subjectKind: "user", window: "lifetime", unit: "fee", amount: 9_999n }],
    });
    await stack.database.query("insert into denied_accounts (project_id, network, address) values ($1, $2, $3)", [
      poor.target.projectId,
      poor.target.network,
      poor.wallet.address,
    ]);
    const { verdict, trace } = await explain(poor, await wireOf(poor, [hello(poor)]));
    expect(verdict).toBe("refuse");
    expect(trace).toContainEqual(
      expect.objectContaining({ code: "policy.account_denied", observed: poor.wallet.address, verdict: "fail" }),
    );
    expect(trace).toContainEqual(
      expect.objectContaining({
        rule: "budget-user-lifetime-fee",
        code: "budget.lifetime_exhausted",
        observed: "10000",
        limit: "9999",
        remaining: "9999",
      }),
    );
    expect(await ledgerOf(stack, poor.target)).toEqual(EMPTY_LEDGER);
  });

  test("shows users their own budgets whole, and of the project's only the limit", async () => {
    const member = await visitNewProject(stack, {
      limits: [
        { subjectKind: "user", window: "day", unit: "fee", amount: 50_000n },
        { subjectKind: "project", window: "day", unit: "fee", amount: 900_000n },
        { subjectKind: "policy", window: "lifetime", unit: "relays", amount: 7n },
      ],
    });
    await stack.database.query(
      `insert into limits (id, sponsor_id, network, subject_kind, "window", unit, amount)
        select 'lim_of_sponsor', id, network, 'sponsor', 'day', 'fee', 10000000 from sponsors where address = $1`,
      [member.sponsor],
    );
    const { trace } = await explain(member, await wireOf(member, [hello(member)]));
    const budgets = Object.fromEntries(
      trace.filter(({ rule }) => rule.startsWith("budget-")).map((entry) => [entry.rule, entry]),
    );
    expect(budgets["budget-user-day-fee"]).toMatchObject({ limit: "50000", remaining: "50000" });
    expect(budgets["budget-project-day-fee"]).toMatchObject({ limit: "900000" });
    expect(budgets["budget-project-day-fee"]).not.toHaveProperty("remaining");
    expect(budgets["budget-policy-lifetime-relays"]).not.toHaveProperty("remaining");
    expect(budgets["budget-sponsor-day-fee"]).toEqual({ rule: "budget-sponsor-day-fee", verdict: "pass" });
    await stack.database.query("delete from limits where id = 'lim_of_sponsor'");
  });

  test("of another project's sponsor tells no budget", async () => {
    const { address } = await createWallet();
    await stack.createProject({ sponsorAddress: address });
    await stack.database.query(
      `insert into limits (id, sponsor_id, network, subject_kind, "window", unit, amount)
        select 'lim_of_other', id, network, 'sponsor', 'hour', 'fee', 1 from sponsors where address = $1`,
      [address],
    );
    const { trace } = await explain(visitor, await wireOf(visitor, [hello(visitor)], { feePayer: address }));
    expect(trace.map(({ rule }) => rule).filter((rule) => rule.includes("sponsor-hour"))).toEqual([]);
    expect(trace[1]).toMatchObject({ rule: "fee-payer-is-sponsor", verdict: "fail" });
  });

  test("of bytes that cannot be read says so, and what was not asked", async () => {
    const explanation = await explain(visitor, Uint8Array.of(1, 2, 3));
    expect(explanation.verdict).toBe("refuse");
    expect(failures(explanation)).toEqual([
      expect.objectContaining({ rule: "transaction-is-readable", code: "transaction.malformed" }),
    ]);
    expect(explanation.trace.slice(1).every(({ verdict: own }) => own === "skip")).toBe(true);
  });

  test("leaves no trace in any table", async () => {
    const count = async (): Promise<unknown> =>
      (
        await stack.database.query(
          "select (select count(*) from relays) r, (select count(*) from decisions) d, (select count(*) from limit_usage) u, (select count(*) from idempotency_keys) i",
        )
      ).rows;
    const before = await count();
    await explain(visitor, await wireOf(visitor, [hello(visitor)]));
    await explain(visitor, await wireOf(visitor, [computePrice(900_000)]));
    expect(await count()).toEqual(before);
  });

  test("has a rate limit of its own, and leaves that of relays alone", async () => {
    const asker = await visitNewProject(stack);
    const wire = await wireOf(asker, [hello(asker)]);
    await untilRoomInMinute();
    const answers = await Promise.all(Array.from({ length: 70 }, () => ask(asker, Uint8Array.of(1))));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    for (const answer of limited) expectRefusal(answer, "rate.limited");
    expect((await post(asker, wire)).status).toBe(202);
  });

  test("is told to nobody whose session has ended", async () => {
    const gone = await visitNewProject(stack);
    await callApi(gone.target, "DELETE", "/v1/sessions/current", { token: gone.token });
    expectRefusal(await ask(gone, await wireOf(gone, [hello(gone)])), "auth.session_revoked");
  });
});

describe("a token account whose rent the project pays", () => {
  test("is quoted, landed and charged with what it really took, and explained beforehand", async () => {
    const owner = await visitNewProject(stack);
    const mint = placeMint(stack);
    const create = await createAssociatedAccount({ payer: owner.sponsor, owner: owner.wallet.address, mint });
    const wire = await wireOf(owner, [create, hello(owner)]);
    const { verdict, cost } = await explain(owner, wire);
    expect({ verdict, cost }).toEqual({ verdict: "sponsor", cost: { fee: "10000", rent: "2039280" } });
    const { status, body } = await post(owner, wire);
    expect(status, JSON.stringify(body)).toBe(202);
    expect(body["rent"]).toEqual({ quoted: "2039280", charged: null });
    const relay = await followRelay(owner.target, owner.token, body.id);
    expect(relay).toMatchObject({ state: "finalized", fee: { charged: "10000" }, rent: { charged: "2039280" } });
    const again = await createAssociatedAccount({ payer: owner.sponsor, owner: owner.wallet.address, mint });
    const second = await post(owner, await wireOf(owner, [again, memo([owner.wallet.address], "again")]));
    // It is there by now: quoted at worst all the same, and charged with what was really taken.
    expect(second.body["rent"]).toEqual({ quoted: "2039280", charged: null });
    expect(await followRelay(owner.target, owner.token, second.body.id)).toMatchObject({ rent: { charged: "0" } });
  });

  test("is refused to the fourth of a day, by the budget of rent", async () => {
    const owner = await visitNewProject(stack);
    const codes: unknown[] = [];
    for (let index = 0; index < 4; index++) {
      const mint = placeMint(stack);
      const create = await createAssociatedAccount({ payer: owner.sponsor, owner: owner.wallet.address, mint });
      codes.push((await post(owner, await wireOf(owner, [create, hello(owner)]))).body["code"]);
    }
    expect(codes).toEqual([undefined, undefined, undefined, "budget.user_exhausted"]);
  });

  test("is refused where the policy has not turned rent on", async () => {
    const { maxRent: _maxRent, ...policy } = demoPolicy;
    const owner = await visitNewProject(stack, { policy });
    const create = await createAssociatedAccount({
      payer: owner.sponsor,
      owner: owner.wallet.address,
      mint: placeMint(stack),
    });
    expectRefusal(await post(owner, await wireOf(owner, [create, hello(owner)])), "policy.rent_not_sponsored");
    expect(await ledgerOf(stack, owner.target)).toEqual(EMPTY_LEDGER);
  });
});

describe("every decision is a row", () => {
  const decisionsOf = async ({ target }: Visitor) =>
    (
      await stack.database.query<Record<string, unknown>>(
        "select id, verdict, code, policy_version, fee::text, rent::text, relay_id, octet_length(message_hash) as digest, accounts, transaction, wallet from decisions where project_id = $1 order by decided_at",
        [target.projectId],
      )
    ).rows;

  test("what was sponsored and what was refused, by the id of its request, with bytes, keys, version and cost", async () => {
    const owner = await visitNewProject(stack);
    const good = await wireOf(owner, [hello(owner)]);
    const bad = await wireOf(owner, [hello(owner), transferSol(owner.sponsor, owner.wallet.address, 5)]);
    const accepted = await post(owner, good);
    const refused = await post(owner, bad);
    await expect.poll(async () => (await decisionsOf(owner)).length).toBe(2);
    const [first, second] = await decisionsOf(owner);
    expect(first).toMatchObject({
      id: accepted.headers.get("request-id"),
      verdict: "sponsor",
      code: null,
      policy_version: 1,
      fee: "10000",
      rent: "0",
      relay_id: accepted.body.id,
      digest: 32,
      wallet: `solana:${owner.wallet.address}`,
    });
    expect(new Uint8Array(first?.["transaction"] as Uint8Array)).toEqual(good);
    expect(first?.["accounts"]).toEqual(expect.arrayContaining([owner.sponsor, owner.wallet.address]));
    expect(second).toMatchObject({
      id: refused.headers.get("request-id"),
      verdict: "refuse",
      code: "policy.fee_payer_misused",
      relay_id: null,
    });
  });

  test("but a flood of refusals fills no table: a minute keeps six hundred of a project", async () => {
    const owner = await visitNewProject(stack);
    await stack.database.query(
      `insert into decisions (id, project_id, network, user_id, wallet, transaction, accounts, verdict, code)
        select 'req_flood' || n, $1, 'solana:localnet', '', '', '', '{}', 'refuse', 'policy.fee_exceeded' from generate_series(1, 600) n`,
      [owner.target.projectId],
    );
    const dear = await wireOf(owner, [hello(owner), computePrice(900_000)]);
    expectRefusal(await post(owner, dear), "policy.fee_exceeded");
    const accepted = await post(owner, await wireOf(owner, [hello(owner)]));
    expect(accepted.status).toBe(202);
    const { rows } = await stack.database.query<{ id: string }>(
      "select id from decisions where project_id = $1 and id not like 'req_flood%'",
      [owner.target.projectId],
    );
    expect(rows.map(({ id }) => id)).toEqual([accepted.headers.get("request-id")]);
  });

  test("of one user a minute keeps sixty, so that nobody pushes others out", async () => {
    const owner = await visitNewProject(stack);
    await stack.database.query(
      `insert into decisions (id, project_id, network, user_id, wallet, transaction, accounts, verdict, code)
        select 'req_own' || n, $1, 'solana:localnet', $2, '', '', '{}', 'refuse', 'policy.fee_exceeded' from generate_series(1, 60) n`,
      [owner.target.projectId, owner.userId],
    );
    const other = await visit(owner.target);
    for (const who of [owner, other]) {
      const dear = await wireOf(who, [hello(who), computePrice(900_000)]);
      expectRefusal(await post(who, dear), "policy.fee_exceeded");
    }
    await expect
      .poll(async () => (await decisionsOf(owner)).filter(({ id }) => !String(id).startsWith("req_own")).length)
      .toBe(1);
  });

  test("cut to what most groups have, however much was sent", async () => {
    const owner = await visitNewProject(stack);
    expectRefusal(await post(owner, new Uint8Array(40_000)), "transaction.too_large");
    await expect.poll(async () => (await decisionsOf(owner)).length).toBe(1);
    expect((await decisionsOf(owner)).map(({ transaction }) => (transaction as Uint8Array).length)).toEqual([8_192]);
  });

  test("and is gone after thirty days", async () => {
    const owner = await visitNewProject(stack);
    await post(owner, await wireOf(owner, [hello(owner)]));
    await stack.database.query("update decisions set decided_at = now() - interval '31 days' where project_id = $1", [
      owner.target.projectId,
    ]);
    await stack.worker().runScheduled();
    expect(await decisionsOf(owner)).toEqual([]);
  });
});

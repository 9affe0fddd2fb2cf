import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { memo } from "../support/instructions.ts";
import { proveBy } from "../support/method-proofs.ts";
import { comeIn, comeToNewProject, link, nameOf, namesOf, type Person, postLink, unlink } from "../support/people.ts";
import { expectProblem } from "../support/problems.ts";
import { postSession } from "../support/proofs.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { expectRefusal, post, visit, type Visitor, wireOf } from "../support/visitor.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

describe("a session that was proved by a memo transaction", () => {
  const comeByMemo = async (): Promise<Person> => {
    const person = await comeToNewProject(stack);
    const opened = await postSession(person.target, await proveBy("memo-transaction", person.target, person.wallet));
    return { ...person, tokens: opened.body };
  };

  test("links no wallet: its thief could come back by a stronger proof", async () => {
    const weak = await comeByMemo();
    const thief = await createWallet();
    const answer = await postLink(weak, await proveBy("siws", weak.target, thief));
    expect(expectProblem(answer, 403, "auth.assurance_low").context).toEqual({ amr: ["memo-transaction"] });
    expect(await namesOf(weak)).toEqual([nameOf(weak.wallet)]);
    expect((await comeIn(weak.target, thief)).tokens.user.id).not.toBe(weak.tokens.user.id);
  });

  test("takes no wallet away either, and a stronger one of the same user does both", async () => {
    const weak = await comeByMemo();
    const strong = await comeIn(weak.target, weak.wallet);
    const second = await createWallet();
    await link(strong, second);
    expectProblem(await unlink(weak, second), 403, "auth.assurance_low");
    expect((await unlink(strong, second)).status).toBe(204);
  });
});

/** Sponsors one relay a day for each user. */
const oneRelay = { limits: [{ subjectKind: "user", window: "day", unit: "relays", amount: 1n }] } as const;

async function relayOnce(visitor: Visitor) {
  return post(visitor, await wireOf(visitor, [memo([visitor.wallet.address], crypto.randomUUID())]));
}

describe("a wallet that has used up its budget", () => {
  test("finds the same one when it leaves its user and comes back alone", async () => {
    const target = await stack.createProject(oneRelay);
    const [scarce, throwaway] = [await createWallet(), await createWallet()];
    expect((await relayOnce(await visit(target, scarce))).status).toBe(202);
    const person = await comeIn(target, scarce);
    await link(person, throwaway);
    expect((await unlink(person, scarce)).status).toBe(204);
    const back = await visit(target, scarce);
    expect(back.userId).not.toBe(person.tokens.user.id);
    expectRefusal(await relayOnce(back), "budget.user_exhausted");
  });

  test("finds the same one when it is linked to somebody who has used nothing", async () => {
    const target = await stack.createProject(oneRelay);
    const [scarce, throwaway, fresh] = [await createWallet(), await createWallet(), await createWallet()];
    expect((await relayOnce(await visit(target, scarce))).status).toBe(202);
    const person = await comeIn(target, scarce);
    await link(person, throwaway);
    await unlink(person, scarce);
    const other = await comeIn(target, fresh);
    await link(other, scarce);
    const asScarce = await visit(target, scarce);
    expect(asScarce.userId).toBe(other.tokens.user.id);
    expectRefusal(await relayOnce(asScarce), "budget.user_exhausted");
    // The other's own wallet has its budget still, and a linked one shares it.
    expect((await relayOnce(await visit(target, fresh))).status).toBe(202);
  });

  test("finds the same one when it leaves one user and comes to another at the very same time", async () => {
    const target = await stack.createProject(oneRelay);
    for (let round = 0; round < 15; round++) {
      const [scarce, throwaway] = [await createWallet(), await createWallet()];
      expect((await relayOnce(await visit(target, scarce))).status).toBe(202);
      const [former, other] = [await comeIn(target, scarce), await comeIn(target)];
      await link(former, throwaway);
      const proof = await proveBy("message", target, scarce);
      await Promise.all([unlink(former, scarce), postLink(other, proof)]);
      expectRefusal(await relayOnce(await visit(target, scarce)), "budget.user_exhausted");
    }
  });

  test("finds the same one when it leaves its user while a relay of its waits for the ledger", async () => {
    const target = await stack.createProject(oneRelay);
    const [scarce, throwaway] = [await createWallet(), await createWallet()];
    expect((await relayOnce(await visit(target, scarce))).status).toBe(202);
    const former = await comeIn(target, scarce);
    await link(former, throwaway);
    await unlink(former, scarce);
    // Now its budgets are of another name than its user.
    const back = await visit(target, scarce);
    const person = await comeIn(target, scarce);
    await link(person, await createWallet());
    const key = crypto.randomUUID();
    const blocker = await stack.database.connect();
    await blocker.query("begin");
    await blocker.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [
      `${target.projectId} ${back.userId} POST /v1/relays ${key}`,
    ]);
    const relaying = post(back, await wireOf(back, [memo([scarce.address], "hello")]), key);
    await vi.waitFor(
      async () => {
        const waiting = "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%reserve_relay%'";
        expect((await stack.database.query(waiting)).rowCount).toBe(1);
      },
      { timeout: 1_500, interval: 20 },
    );
    expect((await unlink(person, scarce)).status).toBe(204);
    await blocker.query("rollback");
    blocker.release();
    expectRefusal(await relaying, "auth.session_revoked");
  });

  test("cannot go on through a new wallet that it links", async () => {
    const target = await stack.createProject(oneRelay);
    const [first, second] = [await createWallet(), await createWallet()];
    expect((await relayOnce(await visit(target, first))).status).toBe(202);
    await link(await comeIn(target, first), second);
    expectRefusal(await relayOnce(await visit(target, second)), "budget.user_exhausted");
  });
});

describe("a wallet that was linked", () => {
  test("shares its user's budgets, and has its own when it is taken from them: it drains nobody afterwards", async () => {
    const target = await stack.createProject(oneRelay);
    const [owner, planted] = [await comeIn(target), await createWallet()];
    await link(owner, planted);
    await unlink(owner, planted);
    expect((await relayOnce(await visit(target, planted))).status).toBe(202);
    expect((await relayOnce(await visit(target, owner.wallet))).status).toBe(202);
    expectRefusal(await relayOnce(await visit(target, planted)), "budget.user_exhausted");
  });
});

test("a session of a denied wallet is refused though another wallet of the user signs", async () => {
  const target = await stack.createProject();
  const [denied, other] = [await createWallet(), await createWallet()];
  const visitor = await visit(target, denied);
  await link(await comeIn(target, denied), other);
  const wire = () => wireOf({ ...visitor, wallet: other }, [memo([other.address], crypto.randomUUID())]);
  expect((await post(visitor, await wire())).status).toBe(202);
  await stack.database.query("insert into denied_accounts (project_id, network, address) values ($1, $2, $3)", [
    target.projectId,
    target.network,
    denied.address,
  ]);
  expectRefusal(await post(visitor, await wire()), "policy.account_denied");
});

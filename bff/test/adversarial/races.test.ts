import { callApi, expectStatus, followRelay, type RelayBody } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memo } from "../support/instructions.ts";
import { type Stack, startStack } from "../support/stack.ts";
import {
  expectRefusal,
  ledgerOf,
  post,
  postPatiently,
  type RelayAnswer,
  type Visitor,
  visit,
  visitNewProject,
  wireOf,
} from "../support/visitor.ts";

const FEE = 10_000n;
const RATES = { addressRequestsPerMinute: 100_000, userRelaysPerMinute: 100_000 };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const codeOf = ({ status, body, headers }: RelayAnswer): string =>
  `${status} ${typeof body["code"] === "string" ? body["code"] : "accepted"}${headers.has("idempotent-replayed") ? " replayed" : ""}`;

function tally(answers: readonly RelayAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[codeOf(answer)] = (counts[codeOf(answer)] ?? 0) + 1;
  return counts;
}

/** The wire bytes of a memo by the visitor. */
const memoOf = (visitor: Visitor, text: string) => wireOf(visitor, [memo([visitor.wallet.address], text)]);

const times = <Value>(count: number, work: (index: number) => Promise<Value>): Promise<Value[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

/** `count` calls, `width` at a time: the next begins as soon as one has ended. */
async function inFlight<Value>(
  count: number,
  width: number,
  work: (index: number) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  let next = 0;
  await times(width, async () => {
    while (next < count) {
      const index = next;
      next += 1;
      values[index] = await work(index);
    }
  });
  return values;
}

const accepted = (answers: readonly RelayAnswer[]): RelayAnswer[] => answers.filter(({ status }) => status === 202);

/** Follows them to their end. */
async function settle({ target, token }: Visitor, answers: readonly RelayAnswer[]): Promise<RelayBody[]> {
  const ids = [...new Set(answers.map(({ body }) => body.id))];
  return times(ids.length, (index) => followRelay(target, token, ids[index] ?? ""));
}

describe("a hundred at once", () => {
  test("identical relays land once, and everybody is told of the same one", async () => {
    const visitor = await visitNewProject(stack, RATES);
    const before = await stack.balanceOf(visitor.sponsor);
    const wire = await memoOf(visitor, "once");
    const answers = await times(100, () => postPatiently(visitor, wire, "one-key"));

    const counts = tally(answers);
    expect(counts["202 accepted"]).toBe(1);
    const others = (counts["202 accepted replayed"] ?? 0) + (counts["409 idempotency.in_progress"] ?? 0);
    expect(others, JSON.stringify(counts)).toBe(99);
    for (const answer of answers.filter(({ status }) => status === 409)) {
      expect(answer.headers.get("retry-after")).toBe("1");
    }
    expect(new Set(accepted(answers).map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await settle(visitor, accepted(answers))).toMatchObject([{ state: "finalized" }]);
    expect(before - (await stack.balanceOf(visitor.sponsor))).toBe(FEE);
    expect(await ledgerOf(stack, visitor.target)).toEqual({
      relays: { finalized: 1 },
      keys: 1,
      used: String(1n + FEE),
      held: "0",
      openHolds: "0",
      charged: String(1n + FEE),
    });
  });

  test("the same transaction under a hundred keys is accepted once, and the others are told which relay it is", async () => {
    const visitor = await visitNewProject(stack, RATES);
    const wire = await memoOf(visitor, "once, by any key");
    const answers = await times(100, () => postPatiently(visitor, wire));

    expect(tally(answers)).toEqual({ "202 accepted": 1, "409 transaction.already_relayed": 99 });
    const [winner] = accepted(answers);
    for (const answer of answers.filter(({ status }) => status === 409)) {
      expect(expectRefusal(answer, "transaction.already_relayed").context).toEqual({ relayId: winner?.body.id });
    }
    await settle(visitor, accepted(answers));
    expect(await ledgerOf(stack, visitor.target)).toMatchObject({ relays: { finalized: 1 }, keys: 1, held: "0" });
  });

  test("the same key for different transactions is one relay's, and told apart from the others", async () => {
    const visitor = await visitNewProject(stack, RATES);
    const wires = await times(20, (index) => memoOf(visitor, `number ${index}`));
    const answers = await Promise.all(wires.map((wire) => postPatiently(visitor, wire, "one-key")));
    expect(tally(answers)).toEqual({ "202 accepted": 1, "422 idempotency.key_reused": 19 });
    expect(await ledgerOf(stack, visitor.target)).toMatchObject({ keys: 1 });
  });
});

describe("500 relays, 50 at a time, with a budget for 50", () => {
  test.each(["user", "project"] as const)(
    "of the %s: exactly 50 are accepted, and the ledger adds up",
    async (subjectKind) => {
      const limits = [{ subjectKind, window: "day", unit: "fee", amount: 50n * FEE }] as const;
      const visitor = await visitNewProject(stack, { ...RATES, limits });
      const before = await stack.balanceOf(visitor.sponsor);
      const wires = await times(500, (index) => memoOf(visitor, `relay ${index}`));
      const answers = await inFlight(500, 50, (index) => postPatiently(visitor, wires[index] ?? new Uint8Array()));

      expect(tally(answers)).toEqual({ "202 accepted": 50, [`429 budget.${subjectKind}_exhausted`]: 450 });
      const running = await ledgerOf(stack, visitor.target);
      expect(BigInt(running.used) + BigInt(running.held)).toBe(50n * FEE);
      expect([running.openHolds, running.charged]).toEqual([running.held, running.used]);
      expect(running.keys).toBe(50);

      await settle(visitor, accepted(answers));
      expect(await ledgerOf(stack, visitor.target)).toMatchObject({
        relays: { finalized: 50 },
        used: String(50n * FEE),
        held: "0",
        openHolds: "0",
      });
      expect(before - (await stack.balanceOf(visitor.sponsor))).toBe(50n * FEE);
    },
  );
});

describe("budgets do not mix", () => {
  test("of two users of one project, each has their own", async () => {
    const limits = [{ subjectKind: "user", window: "day", unit: "relays", amount: 5n }] as const;
    const first = await visitNewProject(stack, { ...RATES, limits });
    const second = await visit(first.target);
    const answers = await Promise.all(
      [first, second].map((visitor) =>
        times(10, async (index) => postPatiently(visitor, await memoOf(visitor, `number ${index}`))),
      ),
    );
    for (const own of answers) {
      expect(tally(own)).toEqual({ "202 accepted": 5, "429 budget.user_exhausted": 5 });
    }
  });

  test("of two projects with the same wallet, each has its own, and neither sees the other's relays", async () => {
    const limits = [{ subjectKind: "project", window: "day", unit: "relays", amount: 1n }] as const;
    const wallet = await createWallet();
    const [here, there] = await Promise.all([
      visit(await stack.createProject({ limits }), wallet),
      visit(await stack.createProject({ limits }), wallet),
    ]);
    const say = async (visitor: Visitor, text: string) => postPatiently(visitor, await memoOf(visitor, text));
    const [ours, theirs] = await Promise.all([say(here, "here"), say(there, "there")]);
    expect([ours.status, theirs.status]).toEqual([202, 202]);
    expectRefusal(await say(here, "here again"), "budget.project_exhausted");

    const read = (visitor: Visitor, id: string) =>
      callApi(visitor.target, "GET", `/v1/relays/${id}`, { token: visitor.token });
    expectRefusal(await read(there, ours.body.id), "relay.not_found");
    expectRefusal(await read(await visit(here.target), ours.body.id), "relay.not_found");
    const list = await callApi<{ data: RelayBody[] }>(there.target, "GET", "/v1/relays", { token: there.token });
    expect(expectStatus(list, 200).data.map(({ id }) => id)).toEqual([theirs.body.id]);
  });

  test("another project's key beside a token opens nothing", async () => {
    const here = await visitNewProject(stack);
    const there = await stack.createProject();
    const headers = { "gasless-key": there.publishableKey };
    const answer = await callApi(here.target, "GET", "/v1/relays", { token: here.token, headers });
    expectRefusal(answer, "project.key_invalid");
  });

  test("the same transaction in another project is refused there, and says nothing of whose it is", async () => {
    const wallet = await createWallet();
    const here = await visit(await stack.createProject(), wallet);
    const there = await visit(await stack.createProject(), wallet);
    const wire = await memoOf(here, "shared");
    expect((await post(here, wire)).status).toBe(202);
    const body = expectRefusal(await post(there, wire), "transaction.already_relayed");
    expect(JSON.stringify(body)).not.toContain("rly_");
  });
});

import { callApi, followRelay, toBase64 } from "@gasless/localnet/api-client";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { memo, transferSol } from "../support/instructions.ts";
import { expectProblem } from "../support/problems.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { expectRefusal, ledgerOf, post, type Visitor, visit, visitNewProject, wireOf } from "../support/visitor.ts";
import { addressOf } from "../support/wire.ts";

let stack: Stack;
let visitor: Visitor;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  visitor = await visitNewProject(stack);
});

const KEY = "order-66/~a";
const hello = (own = visitor, text = "hello") => wireOf(own, [memo([own.wallet.address], text)]);
const overdrawn = () => wireOf(visitor, [transferSol(visitor.wallet.address, addressOf(91), 5_000_000)]);

/** The answer as text, to compare it byte by byte. */
async function postRaw(wire: Uint8Array, headers: Readonly<Record<string, string>>) {
  const response = await fetch(`${visitor.target.api}/v1/relays`, {
    method: "POST",
    headers: {
      origin: visitor.target.origin,
      authorization: `Bearer ${visitor.token}`,
      "content-type": "application/json",
      ...headers,
    },
    body: JSON.stringify({ network: visitor.target.network, transaction: toBase64(wire) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe("an idempotency key", () => {
  test("is needed", async () => {
    const { target, token } = visitor;
    const body = { network: target.network, transaction: toBase64(await hello()) };
    expectProblem(await callApi(target, "POST", "/v1/relays", { token, body }), 400, "idempotency.key_missing");
  });

  test.each([
    ["has 256 characters", "k".repeat(256)],
    ["has a space inside", "two words"],
    ["is not ASCII", "caf\u00e9"],
  ])("that %s is refused", async (_name, key) => {
    expectProblem(await post(visitor, await hello(), key), 422, "request.invalid");
    expect(await ledgerOf(stack, visitor.target)).toMatchObject({ keys: 0, relays: {} });
  });

  test("of 255 characters is taken as it is", async () => {
    expect((await post(visitor, await hello(), "~".repeat(255))).status).toBe(202);
  });

  test("gives an acceptance again, byte by byte, however far the relay has come since", async () => {
    const wire = await hello();
    const first = await postRaw(wire, { "idempotency-key": KEY });
    expect(first.status).toBe(202);
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    const { id } = JSON.parse(first.text) as { id: string };
    expect((await followRelay(visitor.target, visitor.token, id)).state).toBe("finalized");

    const again = await postRaw(wire, { "idempotency-key": KEY });
    expect(again).toMatchObject({ status: 202, text: first.text });
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await ledgerOf(stack, visitor.target)).toMatchObject({ relays: { finalized: 1 }, keys: 1 });
  });

  test("gives a refusal that has a row again, byte by byte", async () => {
    const wire = await overdrawn();
    const first = await postRaw(wire, { "idempotency-key": KEY });
    expect(first.status).toBe(422);
    // The wallet could pay by now, but this key has its answer.
    await stack.airdrop(visitor.wallet.address, 1_000_000_000n);
    const again = await postRaw(wire, { "idempotency-key": KEY });
    expect(again).toMatchObject({ status: 422, text: first.text });
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.headers.get("content-type")).toBe("application/problem+json");
    expect((await postRaw(wire, { "idempotency-key": "another" })).status).toBe(202);
  });

  test("stays free when the refusal came before a row", async () => {
    const foreign = await wireOf(visitor, [transferSol(addressOf(92), addressOf(91), 1)]);
    expect((await post(visitor, foreign, KEY)).status).toBeGreaterThanOrEqual(400);
    expect((await post(visitor, await hello(), KEY)).status).toBe(202);
  });

  test("cannot be used with another body, whether that would be accepted, refused or unreadable", async () => {
    expect((await post(visitor, await hello(), KEY)).status).toBe(202);
    for (const wire of [await hello(visitor, "another"), await overdrawn(), Uint8Array.of(1, 2, 3)]) {
      expectRefusal(await post(visitor, wire, KEY), "idempotency.key_reused");
    }
    expect(await ledgerOf(stack, visitor.target)).toMatchObject({ keys: 1 });
  });

  test("whose first request still runs says so, and when to ask again", async () => {
    const wire = await hello();
    const release = stack.solana.faults.hang("simulateTransaction");
    const first = post(visitor, wire, KEY);
    await expect.poll(() => ledgerOf(stack, visitor.target)).toMatchObject({ relays: { received: 1 } });
    const second = await post(visitor, wire, KEY);
    release();
    expectRefusal(second, "idempotency.in_progress");
    expect(second.headers.get("retry-after")).toBe("1");
    expect((await first).status).toBe(202);
  });

  test("is one user's alone, in one project", async () => {
    const neighbour = await visit(visitor.target);
    const stranger = await visitNewProject(stack);
    for (const own of [visitor, neighbour, stranger]) {
      const answer = await post(own, await hello(own), KEY);
      expect(answer.status).toBe(202);
      expect(answer.headers.get("idempotent-replayed")).toBeNull();
    }
  });

  test("still gives its acceptance when the policy has changed since", async () => {
    const wire = await hello();
    const { body: first } = await post(visitor, wire, KEY);
    await stack.database.query("update project_networks set policy_version = null where project_id = $1", [
      visitor.target.projectId,
    ]);
    expectRefusal(await post(visitor, await hello(visitor, "new"), "new"), "policy.not_published");
    const again = await post(visitor, wire, KEY);
    expect(again).toMatchObject({ status: 202, body: first });
    expect(again.headers.get("idempotent-replayed")).toBe("true");
  });

  test("is free again after 24 hours", async () => {
    await post(visitor, await hello(), KEY);
    await stack.database.query("update idempotency_keys set expires_at = now() where project_id = $1", [
      visitor.target.projectId,
    ]);
    const answer = await post(visitor, await hello(visitor, "tomorrow"), KEY);
    expect(answer.status).toBe(202);
    expect(answer.headers.get("idempotent-replayed")).toBeNull();
  });
});

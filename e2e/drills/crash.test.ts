import { callApi, followRelay, type RelayBody } from "@gasless/localnet/api-client";
import type { Stack } from "@gasless/localnet/testing/stack";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  auditLedger,
  createIntent,
  type Intent,
  relaysOf,
  startDrillStack,
  sweepNow,
  until,
  untilAllEnded,
} from "./support.ts";

let stack: Stack;
let sponsorBefore: bigint;
beforeAll(async () => {
  stack = await startDrillStack();
  sponsorBefore = await stack.balanceOf(stack.secrets.sponsorAddress);
});
afterAll(() => stack.close());

const isCall = (body: string, method: string): boolean => body.includes(`"${method}"`);

/** Holds every call of an RPC method back; gives a promise of the first one's arrival, and the way to let them go. */
function holdRpc(method: string): { arrived: Promise<void>; release: () => void } {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  stack.rpc.onRequest(async ({ body }): Promise<"forward"> => {
    if (!isCall(body, method)) return "forward";
    arrive();
    await released;
    return "forward";
  });
  return {
    arrived,
    release: () => {
      stack.rpc.onRequest(undefined);
      release();
    },
  };
}

/** A transaction of the test's own that keeps rows locked, so that a statement of the worker's waits behind it. */
async function lockRows(statement: string): Promise<() => Promise<void>> {
  const { connectionString } = stack.database.options;
  const client = new Client({ connectionString });
  await client.connect();
  await client.query("begin");
  await client.query(statement);
  return async () => {
    await client.query("rollback");
    await client.end();
  };
}

const isWaitingForLock = (): Promise<true | undefined> =>
  stack.database
    .query("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
    .then(({ rowCount }) => (rowCount === 0 ? undefined : true));

const latestState = async (): Promise<string | undefined> => (await relaysOf(stack)).at(-1)?.state;

/** Everything has ended, the retry of the same key has one answer, and the books are right. */
async function expectOneLanding(intent: Intent, landings: number): Promise<void> {
  const before = await untilAllEnded(stack);
  const retried = await intent.post();
  expect(retried.status).toBe(202);
  const ended = await followRelay(intent.target, intent.token, retried.body.id);
  expect(ended.state).toBe("finalized");
  const after = await untilAllEnded(stack);
  expect(after.length - before.length).toBe(1 - landings);
  const { body } = await callApi<{ data: RelayBody[] }>(intent.target, "GET", "/v1/relays", { token: intent.token });
  expect(body.data.filter(({ state }) => state === "finalized")).toHaveLength(1);
  await auditLedger(stack, sponsorBefore);
}

describe("workerd is killed with SIGKILL", () => {
  test("while everything is being reserved: nothing is signed, the holds come back, the same key goes through", async () => {
    const intent = await createIntent(stack);
    const block = await lockRows("lock table limit_usage in exclusive mode");
    const posting = intent.post().catch(() => undefined);
    await until("the wait of reserve_relay()", isWaitingForLock);
    await stack.restartAfterKill(block);
    await posting;
    await until("the reservation's end", async () => ((await latestState()) === "received" ? true : undefined)).catch(
      () => undefined,
    );
    await sweepNow(stack);
    await expectOneLanding(intent, 0);
  });

  test("while simulating: the reservation is rejected and released, the same key goes through", async () => {
    const intent = await createIntent(stack);
    const held = holdRpc("simulateTransaction");
    const posting = intent.post().catch(() => undefined);
    await held.arrived;
    await until("the reservation", async () => ((await latestState()) === "received" ? true : undefined));
    await stack.restartAfterKill();
    held.release();
    await posting;
    await expectOneLanding(intent, 0);
  });

  test("while marking as signed: whoever wins, there is one landing", async () => {
    const intent = await createIntent(stack);
    const held = holdRpc("simulateTransaction");
    const posting = intent.post().catch(() => undefined);
    await until("the reservation", async () => ((await latestState()) === "received" ? true : undefined));
    const unlock = await lockRows("select from relays where state = 'received' for update");
    held.release();
    await until("the wait of mark_signed()", isWaitingForLock);
    await stack.restartAfterKill(unlock);
    await posting;
    const wasSigned = (await latestState()) !== "received";
    await expectOneLanding(intent, wasSigned ? 1 : 0);
  });

  test("after signing, before the send: the sweeper sends the same bytes", async () => {
    const intent = await createIntent(stack);
    const held = holdRpc("sendTransaction");
    const accepted = await intent.post();
    expect(accepted.status).toBe(202);
    await held.arrived;
    await stack.restartAfterKill();
    held.release();
    await expectOneLanding(intent, 1);
  });

  test("after the node accepted, before its answer came: it is not sent as anything else", async () => {
    const intent = await createIntent(stack);
    stack.rpc.onRequest(({ body }) => (isCall(body, "sendTransaction") ? "drop-reply" : "forward"));
    const accepted = await intent.post();
    expect(accepted.status).toBe(202);
    const { transactionId } = accepted.body;
    await until("the landing", async () => {
      const { value } = await stack.callRpc<{ value: (object | null)[] }>("getSignatureStatuses", [[transactionId]]);
      return value[0] ?? undefined;
    });
    await stack.restartAfterKill();
    stack.rpc.onRequest(undefined);
    await expectOneLanding(intent, 1);
  });

  test("while settling: the charge is written once", async () => {
    const intent = await createIntent(stack);
    const accepted = await intent.post();
    expect(accepted.status).toBe(202);
    const block = await lockRows("lock table limit_usage in exclusive mode");
    // The alarm sweeps each second by itself.
    await until("the wait of settle_relays()", isWaitingForLock);
    await stack.restartAfterKill(block);
    await expectOneLanding(intent, 1);
  });

  test("before its alarm was set: the net of the next minute finds the relay, and alarms see it to its end", async () => {
    const intent = await createIntent(stack);
    const held = holdRpc("sendTransaction");
    const accepted = await intent.post();
    await held.arrived;
    await stack.restartAfterKill();
    held.release();
    // Once, as cron would: nobody asks for the relay, and no row is touched by the test.
    await stack.worker().runScheduled();
    await until("the end of the relay", async () => {
      const relay = (await relaysOf(stack)).find(({ id }) => id === accepted.body.id);
      return relay?.state === "finalized" ? true : undefined;
    });
    await auditLedger(stack, sponsorBefore);
  });
});

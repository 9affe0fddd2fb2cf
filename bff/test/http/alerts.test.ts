import { buildTransaction, memoBy, prepareRelay } from "@gasless/localnet/api-client";
import type { Address } from "@solana/kit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startReceiver } from "../support/receiver.ts";
import { NETWORK, type Stack, startStack } from "../support/stack.ts";
import { expectRefusal, post, visitNewProject } from "../support/visitor.ts";

let stack: Stack;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let sponsorId: string;
beforeAll(async () => {
  receiver = await startReceiver();
  stack = await startStack({ bindings: receiver.bindings });
  ({ sponsorId } = await stack.createProject());
  await watch();
});
afterAll(async () => {
  await stack.close();
  await receiver.close();
});

const watch = () => stack.worker().runScheduled();
const setFloor = (amount: bigint) =>
  stack.database.query("update sponsors set balance_floor = $1 where id = $2", [amount, sponsorId]);
const passTime = (column: string, interval: string) =>
  stack.database.query(`update alerts set ${column} = ${column} - interval '${interval}'`);
const openAlerts = async () =>
  (await stack.database.query("select kind, subject from alerts where resolved_at is null order by kind")).rows;

beforeEach(() => void receiver.take());
afterEach(async () => {
  receiver.answer(204);
  await Promise.all([stack.sql.setMode("pass"), stack.rpc.setMode("pass")]);
  await setFloor(5_000_000n);
  await watch();
  expect(await openAlerts()).toEqual([]);
});

/** More than half of what the sponsor has. */
const HIGH_FLOOR = 6_000_000_000n;

describe("an alert", () => {
  test("comes once, signed over its exact bytes, with everything that a person needs", async () => {
    await setFloor(HIGH_FLOOR);
    const beforeMs = Date.now();
    await watch();
    await watch();
    const [first, ...others] = receiver.take();
    expect(others).toEqual([]);
    if (!first) throw new Error("nothing came");
    expect(receiver.verify(first)).toEqual(first.message);
    expect(() => receiver.verify({ ...first, body: first.body.replace("open", "0pen") })).toThrow("signature");
    expect(first.headers["content-type"]).toBe("application/json");
    expect(first.headers["webhook-id"]).toBe(`${first.message.id}.open`);
    expect(first.message).toEqual({
      type: "gasless.alert",
      id: expect.stringMatching(/^alr_[0-9a-f]{26}$/) as string,
      kind: "sponsor.balance_low",
      state: "open",
      subject: sponsorId,
      summary: `Sponsor ${sponsorId} has less than twice its floor left.`,
      context: { network: NETWORK, balance: "10000000000", balanceFloor: String(HIGH_FLOOR) },
      openedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      runbookUrl: `${stack.api}/docs#sponsor.balance_low`,
    });
    expect(Date.parse(first.message.openedAt)).toBeGreaterThanOrEqual(beforeMs - 1_000);
    expect(first.body).not.toContain(stack.secrets.sponsorAddress);
    const page = await (await fetch(first.message.runbookUrl)).text();
    expect(page).toContain('id="sponsor.balance_low"');
  });

  test("comes again after each hour while it is open, and once when its reason is gone", async () => {
    await setFloor(HIGH_FLOOR);
    await watch();
    const [opened] = receiver.take();
    await passTime("notified_at", "59 minutes");
    await watch();
    expect(receiver.take()).toEqual([]);
    await passTime("notified_at", "2 minutes");
    await watch();
    await watch();
    const [reminder, ...others] = receiver.take();
    expect(others).toEqual([]);
    expect(reminder?.message).toEqual(opened?.message);
    expect(reminder?.headers["webhook-id"]).not.toBe(opened?.headers["webhook-id"]);

    await setFloor(5_000_000n);
    await watch();
    await watch();
    const [resolved, ...more] = receiver.take();
    expect(more).toEqual([]);
    expect(resolved?.message).toMatchObject({ id: opened?.message.id, state: "resolved", kind: "sponsor.balance_low" });
    expect(Date.parse(resolved?.message.resolvedAt ?? "")).not.toBeNaN();
    expect(resolved && receiver.verify(resolved)).toEqual(resolved?.message);

    await setFloor(HIGH_FLOOR);
    await watch();
    const [again] = receiver.take();
    expect(again?.message).toMatchObject({ kind: "sponsor.balance_low", state: "open" });
    expect(again?.message.id).not.toBe(opened?.message.id);
  });

  test.each<[string, number, Record<string, string>?]>([
    ["500", 500],
    ["a redirect elsewhere", 302, { location: "http://127.0.0.1:9/elsewhere" }],
    ["410", 410],
    ["nothing for five seconds", 0],
  ])("that was answered with %s is sent again a minute later, as the same message", async (_, status, headers) => {
    receiver.answer(status, headers);
    await setFloor(HIGH_FLOOR);
    await watch();
    receiver.answer(200);
    await watch();
    await watch();
    const came = receiver.take();
    expect(came.map(({ message }) => message.state)).toEqual(["open", "open"]);
    expect(new Set(came.map(({ headers: sent }) => sent["webhook-id"])).size).toBe(1);
    expect(stack.log.some((line) => line.includes("alert.delivery_failed"))).toBe(true);
  });

  test("that ended while its receiver was away is told of all the same", async () => {
    receiver.answer(503);
    await setFloor(HIGH_FLOOR);
    await watch();
    await setFloor(5_000_000n);
    await watch();
    receiver.answer(204);
    await watch();
    await watch();
    expect(receiver.take().map(({ message }) => message.state)).toEqual(["open", "resolved", "resolved"]);
  });

  test("stands in the log when it opens and when it ends, once each", async () => {
    const lines = (event: string) => stack.log.filter((line) => line.includes(`"${event}"`)).length;
    const before = [lines("alert.opened"), lines("alert.resolved")];
    await setFloor(HIGH_FLOOR);
    await watch();
    await watch();
    await setFloor(5_000_000n);
    await watch();
    await watch();
    await expect.poll(() => [lines("alert.opened"), lines("alert.resolved")]).toEqual(before.map((count) => count + 1));
  });
});

describe("the watchdog", () => {
  test("keeps the last good balance while no node can tell, counts that, and says so after ten minutes", async () => {
    const read = async () =>
      (
        await stack.database.query<{ balance: string; slot: string; fetch_errors: string }>(
          "select balance, slot, fetch_errors from sponsor_balances where sponsor_id = $1",
          [sponsorId],
        )
      ).rows[0];
    const before = await read();
    await stack.rpc.setMode("refuse");
    await watch();
    const after = await read();
    expect(after).toEqual({ ...before, fetch_errors: String(Number(before?.fetch_errors) + 1) });
    expect(receiver.take()).toEqual([]);
    await stack.database.query("update sponsor_balances set observed_at = now() - interval '11 minutes'");
    await watch();
    expect(receiver.take().map(({ message }) => [message.kind, message.subject])).toEqual([
      ["sponsor.balance_unknown", sponsorId],
    ]);
  });

  test("never takes an older slot for news", async () => {
    await stack.database.query("select record_balances($1, 5, $2)", [
      NETWORK,
      JSON.stringify([{ sponsorId, balance: "1" }]),
    ]);
    const { rows } = await stack.database.query("select balance from sponsor_balances where sponsor_id = $1", [
      sponsorId,
    ]);
    expect(rows).toEqual([{ balance: "10000000000" }]);
    expect((await stack.database.query("select from sponsor_checks where slot = 5")).rowCount).toBe(0);
  });

  test("says that nobody looks after relays, from outside of who should", async () => {
    await stack.database.query(
      "update heartbeats set beat_at = now() - interval '3 minutes' where name like 'sweeper %'",
    );
    await watch();
    expect(receiver.take().map(({ message }) => [message.kind, message.subject])).toEqual([
      ["listener.stale", NETWORK],
    ]);
  });

  test("says that a relay does not end", async () => {
    const visitor = await visitNewProject(stack);
    await stack.database.query(
      `insert into relays (id, project_id, user_id, session_id, network, sponsor, policy_version, state, message_hash,
          transaction, quoted_fee, quoted_rent, next_check_at, lease_until, created_at)
        select 'rly_stuck', s.project_id, s.user_id, s.id, s.network, $2, 1, 'received', '\\x01', '\\x02', 5000, 0,
          now() + interval '1 hour', now() + interval '1 hour', now() - interval '6 minutes'
        from sessions s where s.user_id = $1`,
      [visitor.userId, visitor.sponsor],
    );
    await watch();
    expect(receiver.take().map(({ message }) => [message.kind, message.subject])).toEqual([["relay.stuck", NETWORK]]);
    await stack.database.query("delete from relays where id = 'rly_stuck'");
  });

  test("does without SQL what it can, and the next run does the rest", async () => {
    await stack.sql.setMode("refuse");
    await watch();
    await stack.sql.setMode("pass");
    await setFloor(HIGH_FLOOR);
    await watch();
    expect(receiver.take().map(({ message }) => message.kind)).toEqual(["sponsor.balance_low"]);
  });

  test("sees in its next run that a sponsor was drained: it pays for nothing, and somebody is woken", async () => {
    const sponsor = stack.secrets.sponsorAddress as Address;
    const account = stack.solana.chain.svm.readAccount(sponsor);
    if (!account) throw new Error("there is no sponsor");
    stack.solana.chain.setAccount(sponsor, { ...account, lamports: 4_999_999n });
    await watch();
    expect(new Set(receiver.take().map(({ message }) => message.kind))).toEqual(
      new Set(["sponsor.balance_low", "sponsor.balance_floor", "ledger.difference"]),
    );
    const visitor = await visitNewProject(stack);
    const memo = [memoBy(visitor.wallet, "who pays?")];
    const prepared = await prepareRelay(visitor.target, visitor.token);
    const answer = await post(visitor, new Uint8Array(await buildTransaction(prepared, memo, [visitor.wallet])));
    expectRefusal(answer, "sponsor.underfunded");

    stack.solana.chain.setAccount(sponsor, account);
    await watch();
    await stack.database.query("update sponsor_checks set judged_at = judged_at - interval '25 hours'");
  });

  test("forgets what ended 30 days ago, but not the newest judged balance", async () => {
    await watch();
    await stack.database.query("update sponsor_checks set judged_at = now() - interval '31 days'");
    await stack.database.query(
      "update alerts set resolved_at = now() - interval '31 days', notified_state = 'resolved'",
    );
    await stack.database.query("select purge_watch(1000)");
    expect((await stack.database.query("select from alerts")).rowCount).toBe(0);
    expect((await stack.database.query("select from sponsor_checks where judged_at is not null")).rowCount).toBe(1);
  });
});

test("without a receiver an alert is logged and kept, and counts as told", async () => {
  const quiet = await startStack();
  try {
    const own = await quiet.createProject();
    await quiet.database.query("update sponsors set balance_floor = $1", [HIGH_FLOOR]);
    await quiet.worker().runScheduled();
    await quiet.worker().runScheduled();
    const { rows } = await quiet.database.query("select kind, subject, notified_state from alerts");
    expect(rows).toEqual([{ kind: "sponsor.balance_low", subject: own.sponsorId, notified_state: "open" }]);
    await expect.poll(() => quiet.log.filter((line) => line.includes("alert.opened")).length).toBe(1);
  } finally {
    await quiet.close();
  }
});

import { buildTransaction, followRelay, memoBy, prepareRelay, toBase64 } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { createNoopSigner, lamports } from "@solana/kit";
import { getTransferSolInstruction } from "@solana-program/system";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readMetrics, valueOf } from "../support/metrics.ts";
import { startReceiver } from "../support/receiver.ts";
import { NETWORK, type Stack, startStack } from "../support/stack.ts";
import { postPatiently, visit, type Visitor } from "../support/visitor.ts";

const FEE = 10_000n;
const FINALIZED = { timeout: 10_000, interval: 100 };

let stack: Stack;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let visitor: Visitor;
beforeEach(async () => {
  receiver = await startReceiver();
  stack = await startStack({ bindings: receiver.bindings });
  const limits = [{ subjectKind: "user", window: "day", unit: "relays", amount: 1_000n }] as const;
  visitor = await visit(await stack.createProject({ limits }));
  await watch();
});
afterEach(async () => {
  await stack.close();
  await receiver.close();
});

const watch = () => stack.worker().runScheduled();

interface Check {
  readonly slot: string;
  readonly balance: bigint;
  readonly charged: bigint;
  readonly difference: bigint;
}

/** What has been judged, oldest first. */
async function readChecks(): Promise<Check[]> {
  const { rows } = await stack.database.query<Record<keyof Check, string>>(
    "select slot, balance, charged, difference from sponsor_checks where judged_at is not null order by slot",
  );
  return rows.map(({ slot, balance, charged, difference }) => ({
    slot,
    balance: BigInt(balance),
    charged: BigInt(charged),
    difference: BigInt(difference),
  }));
}

/** Looks until the observed balance is the one that the chain has now, and everything is judged. */
async function watchUntilCurrent(): Promise<Check[]> {
  await expect
    .poll(async () => {
      await watch();
      const newest = (await readChecks()).at(-1);
      return newest?.balance === (await stack.balanceOf(visitor.sponsor));
    }, FINALIZED)
    .toBe(true);
  return readChecks();
}

/** The same where slots say nothing of the order: until the last that was observed is what the chain has now. */
async function watchUntilCurrentBalance(): Promise<Check[]> {
  await expect
    .poll(async () => {
      await watch();
      const { rows } = await stack.database.query<{ balance: string; is_judged: boolean }>(
        "select balance, judged_at is not null as is_judged from sponsor_checks order by observed_at desc limit 1",
      );
      const [newest] = rows;
      return newest?.is_judged === true && BigInt(newest.balance) === (await stack.balanceOf(visitor.sponsor));
    }, FINALIZED)
    .toBe(true);
  return readChecks();
}

const sumOf = (checks: readonly Check[], of: "charged" | "difference"): bigint =>
  checks.reduce((sum, check) => sum + check[of], 0n);

async function relay(memo: string): Promise<string> {
  const wire = await buildTransaction(
    await prepareRelay(visitor.target, visitor.token),
    [memoBy(visitor.wallet, memo)],
    [visitor.wallet],
  );
  const { body } = await postPatiently(visitor, new Uint8Array(wire));
  return body.id;
}

/** The sponsor's own key sends money away, and no relay knows of it. */
async function steal(amount: bigint): Promise<void> {
  const sponsor = await createWallet(Buffer.from(stack.secrets.sponsorSeed, "base64"));
  const thief = await createWallet();
  const { lifetime } = await prepareRelay(visitor.target, visitor.token);
  const transfer = getTransferSolInstruction({
    source: createNoopSigner(sponsor.address),
    destination: thief.address,
    amount: lamports(amount),
  });
  const wire = await buildTransaction({ feePayer: sponsor.address, lifetime }, [transfer], [sponsor]);
  const sent = await stack.callRpc("sendTransaction", [toBase64(wire), { encoding: "base64", skipPreflight: true }]);
  expect(typeof sent).toBe("string");
}

const news = () => receiver.take().map(({ message }) => [message.kind, message.state, message.context["lost"]]);

describe("the ledger and the chain", () => {
  test("agree while relays are in flight, however often they are compared", async () => {
    const over = new AbortController();
    const watching = (async () => {
      while (!over.signal.aborted) await watch();
    })();
    const ids: string[] = [];
    for (let round = 0; round < 8; round++) {
      ids.push(...(await Promise.all(Array.from({ length: 5 }, (_, index) => relay(`round ${round}, ${index}`)))));
    }
    const ended = await Promise.all(ids.map((id) => followRelay(visitor.target, visitor.token, id)));
    over.abort();
    await watching;
    expect(new Set(ended.map(({ state }) => state))).toEqual(new Set(["finalized"]));

    const checks = await watchUntilCurrent();
    expect(checks.length).toBeGreaterThan(4);
    expect(checks.filter(({ charged }) => charged > 0n).length).toBeGreaterThan(1);
    expect(checks.filter(({ difference }) => difference !== 0n)).toEqual([]);
    expect(sumOf(checks, "charged")).toBe(40n * FEE);
    expect(news()).toEqual([]);
  });

  test("what the sponsor lost outside the ledger is reported once, to the lamport", async () => {
    await followRelay(visitor.target, visitor.token, await relay("before"));
    await steal(1_234_567n);
    await followRelay(visitor.target, visitor.token, await relay("after"));
    const checks = await watchUntilCurrent();
    const lost = 1_234_567n + 5_000n;
    expect(checks.filter(({ difference }) => difference !== 0n).map(({ difference }) => difference)).toEqual([-lost]);
    expect(sumOf(checks, "charged")).toBe(2n * FEE);
    expect(news()).toEqual([["ledger.difference", "open", String(lost)]]);
    await watch();
    await watch();
    expect(news()).toEqual([]);
    const sample = `gasless_ledger_difference{network="${NETWORK}",sponsor="${visitor.target.sponsorId}"}`;
    expect(valueOf(await readMetrics(stack), sample)).toBe(-Number(lost));

    await stack.database.query("update sponsor_checks set judged_at = judged_at - interval '25 hours'");
    await watch();
    expect(news()).toEqual([["ledger.difference", "resolved", String(lost)]]);
    expect(valueOf(await readMetrics(stack), sample)).toBe(0);
  });

  test("a deposit is no loss, and does not hide one", async () => {
    await stack.airdrop(visitor.sponsor, 777n);
    const [deposit, ...others] = (await watchUntilCurrent()).filter(({ difference }) => difference !== 0n);
    expect([deposit?.difference, others]).toEqual([777n, []]);
    expect(news()).toEqual([]);
    await steal(1_000_000n);
    const checks = await watchUntilCurrent();
    expect(checks.map(({ difference }) => difference).filter((difference) => difference < 0n)).toEqual([-1_005_000n]);
    expect(news()).toEqual([["ledger.difference", "open", "1005000"]]);
  });

  test("a relay that landed although the ledger has written it off is a loss", async () => {
    const id = await relay("written off");
    await followRelay(visitor.target, visitor.token, id);
    await stack.database.query("update relays set state = 'expired', charged_fee = 0, charged_rent = 0 where id = $1", [
      id,
    ]);
    await watchUntilCurrent();
    expect(news()).toEqual([["ledger.difference", "open", String(FEE)]]);
  });

  test("a landed relay without a slot is charged nowhere, and so shows", async () => {
    const id = await relay("nowhere");
    await followRelay(visitor.target, visitor.token, id);
    await stack.database.query("update relays set slot = null where id = $1", [id]);
    await watchUntilCurrent();
    expect(news()).toEqual([["ledger.difference", "open", String(FEE)]]);
  });

  test("nothing is judged while a relay that was signed before is on its way, and all of it afterwards", async () => {
    const id = await relay("slow");
    await followRelay(visitor.target, visitor.token, id);
    await stack.database.query(
      `update relays set state = 'confirmed', charged_fee = null, charged_rent = null,
        next_check_at = now() + interval '1 hour' where id = $1`,
      [id],
    );
    const before = await readChecks();
    await watch();
    await watch();
    expect(await readChecks()).toEqual(before);
    const { rowCount } = await stack.database.query("select from sponsor_checks where judged_at is null");
    expect(rowCount).toBeGreaterThan(0);
    await stack.database.query(
      "update relays set state = 'finalized', charged_fee = $2, charged_rent = 0 where id = $1",
      [id, FEE],
    );
    const checks = await watchUntilCurrent();
    expect(sumOf(checks, "charged")).toBe(FEE);
    expect(sumOf(checks, "difference")).toBe(0n);
    expect(news()).toEqual([]);
  });

  test("a failed relay is charged like one that did what it should", async () => {
    const id = await relay("failing");
    const ended = await followRelay(visitor.target, visitor.token, id);
    await stack.database.query("update relays set state = 'failed' where id = $1", [id]);
    expect(ended.state).toBe("finalized");
    expect(sumOf(await watchUntilCurrent(), "charged")).toBe(FEE);
    expect(news()).toEqual([]);
  });
});

describe("a node that lies about where it is", () => {
  const FAR_SLOTS = 9_000_000_000n;
  const NEAR_SLOTS = 5_000n;

  const slotOf = async (): Promise<bigint> => {
    const { rows } = await stack.database.query<{ slot: string }>(
      "select slot from sponsor_balances where sponsor_id = $1",
      [visitor.target.sponsorId],
    );
    return BigInt(rows[0]?.slot ?? 0);
  };

  /** What a node says that is that many slots away; with what the sponsor has, unless it lies about that as well. */
  async function observe(slotsAway: bigint, lie?: bigint): Promise<void> {
    const balance = lie ?? (await stack.balanceOf(visitor.sponsor));
    await stack.database.query("select record_balances($1, $2, $3)", [
      NETWORK,
      stack.solana.chain.slotAt("finalized") + slotsAway,
      JSON.stringify([{ sponsorId: visitor.target.sponsorId, balance: balance.toString() }]),
    ]);
  }

  const passTime = (minutes: number) =>
    stack.database.query(
      `with aged as (update sponsor_checks set observed_at = observed_at - make_interval(mins => $1))
        update sponsor_balances set observed_at = observed_at - make_interval(mins => $1)`,
      [minutes],
    );

  const settleOne = async (memo: string) => followRelay(visitor.target, visitor.token, await relay(memo));
  const lossesOf = (checks: readonly Check[]): bigint =>
    checks.reduce((sum, { difference }) => (difference < 0n ? sum - difference : sum), 0n);
  /** Until what is known is the chain's own slot again, and everything is judged. */
  async function watchUntilHealed(): Promise<Check[]> {
    await expect
      .poll(async () => {
        await watch();
        const { rowCount } = await stack.database.query("select from sponsor_checks where judged_at is null");
        return rowCount === 0 && (await slotOf()) <= stack.solana.chain.slot();
      }, FINALIZED)
      .toBe(true);
    return readChecks();
  }

  test.each([
    ["far ahead", FAR_SLOTS],
    ["a little ahead", NEAR_SLOTS],
  ])("%s blinds the watchdog for ten minutes and no longer, and hides no loss", async (_, slotsAway) => {
    await settleOne("before");
    await watchUntilCurrent();
    await observe(slotsAway);
    const blind = await slotOf();
    await steal(2_000_000n);
    await settleOne("meanwhile");
    await watch();
    expect(await slotOf()).toBe(blind);
    await passTime(11);
    await watchUntilHealed();
    const checks = await watchUntilCurrentBalance();
    expect(lossesOf(checks)).toBeGreaterThanOrEqual(2_005_000n);
    expect(news().map(([kind, state]) => [kind, state])).toContainEqual(["ledger.difference", "open"]);

    // From here on it sees as before: what is charged is no loss, what is stolen is one, to the lamport.
    const before = lossesOf(checks);
    await settleOne("healed");
    expect(lossesOf(await watchUntilCurrentBalance())).toBe(before);
    await steal(1_000_000n);
    expect(lossesOf(await watchUntilCurrentBalance())).toBe(before + 1_005_000n);
  });

  test("and was the first to be heard is forgotten as well", async () => {
    await stack.database.query("delete from sponsor_checks");
    await stack.database.query("delete from sponsor_balances");
    await observe(FAR_SLOTS);
    await watch();
    await passTime(11);
    await watchUntilHealed();
    await steal(1_000_000n);
    expect(lossesOf(await watchUntilCurrentBalance())).toBeGreaterThanOrEqual(1_005_000n);
  });

  test("far behind is not heard while another one is, and afterwards makes the database count no relay twice", async () => {
    await settleOne("before");
    await watchUntilCurrent();
    const known = await slotOf();
    await observe(5n - stack.solana.chain.slotAt("finalized"), 1n);
    expect(await slotOf()).toBe(known);
    await passTime(11);
    await observe(5n - stack.solana.chain.slotAt("finalized"));
    // The chain goes on between two looks at it: slots may have been added to the five.
    const heard = (await slotOf()) ?? 0n;
    expect([heard >= 5n, heard < (known ?? 0n)]).toEqual([true, true]);
    await steal(1_000_000n);
    await watchUntilHealed();
    const checks = await watchUntilCurrentBalance();
    expect(lossesOf(checks)).toBeGreaterThanOrEqual(1_005_000n);
    expect(sumOf(checks, "charged")).toBe(FEE);
  });

  test("but is only behind makes nobody think of a loss", async () => {
    await settleOne("before");
    await watchUntilCurrent();
    const [older] = await readChecks();
    if (!older) throw new Error("nothing was judged");
    await passTime(11);
    await stack.database.query("select record_balances($1, $2, $3)", [
      NETWORK,
      BigInt(older.slot) + 1n,
      JSON.stringify([{ sponsorId: visitor.target.sponsorId, balance: older.balance.toString() }]),
    ]);
    expect(await slotOf()).toBe(BigInt(older.slot) + 1n);
    await settleOne("after");
    const checks = await watchUntilCurrentBalance();
    expect(checks.filter(({ difference }) => difference !== 0n)).toEqual([]);
    expect(checks.some(({ charged }) => charged < 0n)).toBe(true);
    expect(news()).toEqual([]);
  });
});

test("a relay that cost more than was reserved wakes somebody", async () => {
  const id = await relay("dear");
  await followRelay(visitor.target, visitor.token, id);
  await stack.database.query("update relays set quoted_fee = charged_fee - 1 where id = $1", [id]);
  await watch();
  expect(receiver.take().map(({ message }) => [message.kind, message.subject])).toEqual([
    ["ledger.overcharged", NETWORK],
  ]);
  expect(valueOf(await readMetrics(stack), `gasless_ledger_overcharged_relays{network="${NETWORK}"}`)).toBe(1);
});

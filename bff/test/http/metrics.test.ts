import { buildTransaction, followRelay, memoBy, postRelay, prepareRelay, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { METRICS } from "../../src/domain/metrics.ts";
import { readMetrics, valueOf } from "../support/metrics.ts";
import { expectProblem } from "../support/problems.ts";
import { send } from "../support/send.ts";
import { NETWORK, type Stack, startStack } from "../support/stack.ts";

/** A report waits for a moment. */
const REPORTED = { timeout: 5_000, interval: 100 };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
afterEach(async () => {
  await Promise.all([stack.sql.setMode("pass"), stack.redis.setMode("pass"), stack.rpc.setMode("pass")]);
});

const LIVE = 'gasless_requests_total{method="GET",route="/live",status="200"}';
const readLive = () => send(stack, "GET", "/live");

describe("the scrape", () => {
  test("needs its token, whole and alone", async () => {
    expectProblem(await send(stack, "GET", "/metrics"), 401, "auth.token_missing");
    const { accessToken } = await signIn(await stack.createProject(), await createWallet());
    const { metricsToken } = stack.secrets;
    for (const authorization of [
      "Bearer",
      "Bearer ",
      `Basic ${metricsToken}`,
      `Bearer ${metricsToken}x`,
      `Bearer ${metricsToken.slice(0, -1)}`,
      `Bearer ${metricsToken} ${metricsToken}`,
      `Bearer ${accessToken}`,
    ]) {
      const answer = await send(stack, "GET", "/metrics", { headers: { authorization } });
      expectProblem(answer, 401, "auth.token_invalid");
      expect(answer.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    }
    expect(JSON.stringify(stack.log)).not.toContain(metricsToken);
  });

  test("is text that Prometheus reads: every line a comment or a sample, every family once, every name of the table", async () => {
    await stack.createProject();
    await stack.worker().runScheduled();
    const page = await readMetrics(stack);
    const lines = page.trimEnd().split("\n");
    const types = lines.filter((line) => line.startsWith("# TYPE ")).map((line) => line.split(" ")[2] ?? "");
    expect(new Set(types).size).toBe(types.length);
    expect(types.filter((name) => !(name in METRICS))).toEqual([]);
    for (const line of lines.filter((line) => !line.startsWith("# "))) {
      expect(line).toMatch(/^gasless_[a-z_]+(?:\{(?:[a-z]+="[^"\\\n]*",?)+\})? -?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/);
    }
    const samples = lines.filter((line) => !line.startsWith("# ")).map((line) => line.slice(0, line.lastIndexOf(" ")));
    expect(new Set(samples).size).toBe(samples.length);
  });

  test("says what the ledger knows: open relays, held budget, balances, beats", async () => {
    const { sponsorId } = await stack.createProject();
    await stack.worker().runScheduled();
    const page = await readMetrics(stack);
    const sponsor = `{network="${NETWORK}",sponsor="${sponsorId}"}`;
    expect(valueOf(page, `gasless_sponsor_balance${sponsor}`)).toBe(10_000_000_000);
    expect(valueOf(page, `gasless_sponsor_balance_floor${sponsor}`)).toBe(5_000_000);
    expect(valueOf(page, `gasless_sponsor_balance_age_seconds${sponsor}`)).toBeLessThan(60);
    expect(valueOf(page, `gasless_sponsor_balance_fetch_errors_total${sponsor}`)).toBe(0);
    expect(valueOf(page, `gasless_ledger_difference${sponsor}`)).toBe(0);
    expect(valueOf(page, `gasless_ledger_overcharged_relays{network="${NETWORK}"}`)).toBe(0);
    for (const listener of ["watchdog", `sweeper ${NETWORK}`]) {
      const at = valueOf(page, `gasless_heartbeat_timestamp_seconds{listener="${listener}"}`) ?? 0;
      expect(Math.abs(Date.now() / 1_000 - at)).toBeLessThan(60);
    }
    expect(valueOf(page, "gasless_scrape_errors")).toBe(0);
  });

  test("follows a relay from its hold to its end", async () => {
    const paused = await startStack({ slotMs: 0 });
    try {
      const target = await paused.createProject();
      const wallet = await createWallet();
      const { accessToken: token } = await signIn(target, wallet);
      const wire = await buildTransaction(await prepareRelay(target, token), [memoBy(wallet, "held")], [wallet]);
      const { body } = await postRelay(target, token, wire);
      const held = (unit: string) => `gasless_budget_held{network="${NETWORK}",unit="${unit}"}`;
      const open = `gasless_relays_open{network="${NETWORK}",state="submitted"}`;
      await expect.poll(async () => valueOf(await readMetrics(paused), open), REPORTED).toBe(1);
      await paused.database.query("update relays set created_at = created_at - interval '90 seconds'");
      const page = await readMetrics(paused);
      expect([held("relays"), held("fee"), held("rent")].map((name) => valueOf(page, name))).toEqual([1, 10_000, 0]);
      const oldest = `gasless_relays_oldest_open_age_seconds{network="${NETWORK}"}`;
      expect(Math.floor((valueOf(page, oldest) ?? 0) / 10)).toBe(9);

      paused.solana.chain.warp(40);
      await followRelay(target, token, body.id);
      const after = await readMetrics(paused);
      expect([open, held("relays"), held("fee"), oldest].map((name) => valueOf(after, name))).toEqual([0, 0, 0, 0]);
    } finally {
      await paused.close();
    }
  });

  test("no wallet, address, transaction, user or project appears in it", async () => {
    const target = await stack.createProject();
    const wallet = await createWallet();
    const { accessToken: token, user, session } = await signIn(target, wallet);
    const wire = await buildTransaction(await prepareRelay(target, token), [memoBy(wallet, "counted")], [wallet]);
    const { body } = await postRelay(target, token, wire);
    const relay = await followRelay(target, token, body.id);
    await postRelay(target, token, wire);
    await postRelay(target, token, Uint8Array.of(1, 2, 3));
    await send(stack, "GET", `/v1/wallets/solana:${wallet.address}`);
    await send(stack, "PROPFIND", `/${wallet.address}?address=${wallet.address}`);
    await stack.worker().runScheduled();
    const page = await readMetrics(stack);
    const secret = [wallet.address, user.id, session.id, relay.id, relay.transactionId ?? "", target.projectId];
    for (const text of [...secret, stack.secrets.sponsorAddress, target.publishableKey, token]) {
      expect(text.length).toBeGreaterThan(8);
      expect(page).not.toContain(text);
    }
    // Longer than any id of ours: what is as long as a key is one.
    expect(page.match(/[1-9A-HJ-NP-Za-km-z]{32,}/g) ?? []).toEqual([]);
    for (const counted of [
      "gasless_relay_decisions_total{",
      "gasless_relay_stage_seconds_bucket{",
      "gasless_rpc_requests_total{",
    ]) {
      expect(page).toContain(counted);
    }
    expect(page).toContain('gasless_requests_total{method="other",route="/*",status="404"} 1');
  });

  test("goes on without SQL, and says that something is missing", async () => {
    await readLive();
    await stack.sql.setMode("refuse");
    const page = await readMetrics(stack);
    expect(valueOf(page, LIVE)).toBeGreaterThan(0);
    expect(valueOf(page, "gasless_scrape_errors")).toBe(1);
    expect(page).not.toContain("gasless_sponsor_balance");
  });
});

describe("counters", () => {
  test("have every request by its route's pattern and its status", async () => {
    const target = await stack.createProject();
    const { accessToken: token } = await signIn(target, await createWallet());
    const path = "/v1/relays/rly_00000000000000000000000000";
    const counted = `gasless_requests_total{method="GET",route="/v1/relays/:id",status="404"}`;
    const before = valueOf(await readMetrics(stack), counted) ?? 0;
    const headers = { origin: target.origin, authorization: `Bearer ${token}` };
    await Promise.all(Array.from({ length: 20 }, () => send(stack, "GET", path, { headers })));
    await expect.poll(async () => valueOf(await readMetrics(stack), counted), REPORTED).toBe(before + 20);
  });

  test("tell of Redis that was away", async () => {
    const target = await stack.createProject();
    const before = valueOf(await readMetrics(stack), "gasless_limiter_degraded_total") ?? Number.NaN;
    await stack.redis.setMode("refuse");
    await signIn(target, await createWallet());
    await expect
      .poll(async () => valueOf(await readMetrics(stack), "gasless_limiter_degraded_total"), REPORTED)
      .toBeGreaterThan(before + 1);
  });

  test("never go back when workerd is killed", async () => {
    await Promise.all(Array.from({ length: 30 }, readLive));
    await expect.poll(async () => (valueOf(await readMetrics(stack), LIVE) ?? 0) >= 30, REPORTED).toBe(true);
    const before = valueOf(await readMetrics(stack), LIVE) ?? 0;
    await stack.restartAfterKill();
    expect(valueOf(await readMetrics(stack), LIVE)).toBe(before);
    await readLive();
    await expect.poll(async () => valueOf(await readMetrics(stack), LIVE), REPORTED).toBe(before + 1);
  });
});

describe("readiness", () => {
  const readReady = () => send<{ dependencies: string[] }>(stack, "GET", "/ready");
  const beatAgo = (seconds: number) =>
    stack.database.query("update heartbeats set beat_at = now() - make_interval(secs => $1) where name = $2", [
      seconds,
      `sweeper ${NETWORK}`,
    ]);
  const KEPT = { timeout: 8_000, interval: 200 };

  test("names a listener that has stopped, since its last beat, until it beats again", async () => {
    await stack.worker().runScheduled();
    const listener = `listener ${NETWORK}`;
    await expect.poll(async () => (await readReady()).body.dependencies, KEPT).toContain(listener);
    await beatAgo(200);
    await expect.poll(async () => (await readReady()).status, KEPT).toBe(503);
    const problem = expectProblem(await readReady(), 503, "store.unavailable");
    const context = problem.context as { failed: { name: string; code: string; since: string }[] } | undefined;
    const [failed] = context?.failed ?? [];
    expect(failed).toMatchObject({ name: listener, code: "store.unavailable" });
    expect(Math.abs(Date.now() - 200_000 - Date.parse(failed?.since ?? ""))).toBeLessThan(10_000);
    await stack.worker().runScheduled();
    await expect.poll(async () => (await readReady()).status, KEPT).toBe(200);
  });
});

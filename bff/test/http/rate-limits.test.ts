import { type ApiTarget, callApi, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { expectProblem } from "../support/problems.ts";
import { makeProof, postSession } from "../support/proofs.ts";
import { type Stack, startStack } from "../support/stack.ts";

/** A sign-in with a store that hangs waits for it at most this long, on a machine that does other things as well. */
const SOON_MS = 1_500;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  // A cold isolate meets Redis for the first time, which may take longer than a reader waits for it.
  await readConfig(await stack.createProject());
});
afterAll(() => stack.close());
afterEach(() => stack.redis.setMode("pass"));

/** Windows are minutes of the clock: what counts within one must not begin at its very end. */
const awaitRoomInMinute = () =>
  vi.waitFor(() => expect(Date.now() % 60_000).toBeLessThan(57_000), { timeout: 5_000, interval: 100 });
beforeEach(awaitRoomInMinute);

const readConfig = (target: ApiTarget, address = "203.0.113.7") =>
  callApi(target, "GET", "/v1/config", { headers: { "cf-connecting-ip": address } });

const statusesOf = async (calls: readonly (() => Promise<{ status: number }>)[]): Promise<number[]> => {
  const statuses: number[] = [];
  for (const call of calls) statuses.push((await call()).status);
  return statuses;
};

const readRateLimit = (headers: Headers) => {
  const [, name, remaining, resetSeconds] = /^"(\w+)";r=(\d+);t=(\d+)$/.exec(headers.get("ratelimit") ?? "") ?? [];
  return { name, remaining: Number(remaining), resetSeconds: Number(resetSeconds) };
};

describe("a rate limit", () => {
  test("counts down in the headers, for the tightest of them, and ends in a 429 that says when", async () => {
    const target = await stack.createProject({ addressRequestsPerMinute: 3 });
    for (const remaining of [2, 1, 0]) {
      const { status, headers } = await readConfig(target);
      expect(status).toBe(200);
      expect(headers.get("ratelimit-policy")).toBe('"address";q=3;w=60');
      expect(readRateLimit(headers)).toMatchObject({ name: "address", remaining });
      expect(readRateLimit(headers).resetSeconds).toBeGreaterThanOrEqual(1);
      expect(readRateLimit(headers).resetSeconds).toBeLessThanOrEqual(60);
    }
    const limited = await readConfig(target);
    const { retryAfterSeconds, context } = expectProblem(limited, 429, "rate.limited");
    expect(context).toEqual({ limit: "address", perMinute: 3 });
    expect(limited.headers.get("ratelimit-policy")).toBe('"address";q=3;w=60');
    expect(readRateLimit(limited.headers)).toEqual({ name: "address", remaining: 0, resetSeconds: retryAfterSeconds });
  });

  test("of one address is not another's, and of one project not another's", async () => {
    const seed = { addressRequestsPerMinute: 1 };
    const [target, other] = [await stack.createProject(seed), await stack.createProject(seed)];
    const statuses = await statusesOf([
      () => readConfig(target),
      () => readConfig(target),
      () => readConfig(target, "203.0.113.8"),
      () => readConfig(other),
    ]);
    expect(statuses).toEqual([200, 429, 200, 200]);
  });

  test("is shared by the addresses of one IPv6 /64, however they are written, and not by its neighbours", async () => {
    const target = await stack.createProject({ addressRequestsPerMinute: 1 });
    const statuses = await statusesOf([
      () => readConfig(target, "2001:db8:0:1::1"),
      () => readConfig(target, "2001:db8:0:1:ffff:ffff:ffff:ffff"),
      () => readConfig(target, "2001:db8:0:1:2::"),
      () => readConfig(target, "2001:db8:0:2::1"),
      () => readConfig(target, "2001:db8::1"),
      () => readConfig(target, "2001:db8:0:0:9::"),
    ]);
    expect(statuses).toEqual([200, 429, 429, 200, 200, 429]);
  });

  test("of a key holds for all addresses together", async () => {
    const target = await stack.createProject();
    await stack.database.query("update projects set key_requests_per_minute = 2 where id = $1", [target.projectId]);
    const addresses = ["203.0.113.1", "203.0.113.2", "203.0.113.3"];
    expect(await statusesOf(addresses.map((address) => () => readConfig(target, address)))).toEqual([200, 200, 429]);
  });

  test("of a user's relays holds for POST /v1/relays alone, and for that user alone", async () => {
    const target = await stack.createProject({ userRelaysPerMinute: 2 });
    const [one, other] = [await signIn(target, await createWallet()), await signIn(target, await createWallet())];
    const relay = (token: string) => callApi(target, "POST", "/v1/relays", { token, body: {} });
    const first = await relay(one.accessToken);
    expect(first.status).toBe(400);
    expect(first.headers.get("ratelimit-policy")).toBe('"user";q=2;w=60');
    await relay(one.accessToken);
    const limited = await relay(one.accessToken);
    expectProblem(limited, 429, "rate.limited");
    const token = one.accessToken;
    expect((await callApi(target, "GET", "/v1/relays", { token })).status).toBe(200);
    expect((await relay(other.accessToken)).status).toBe(400);
  });

  test("is not spent by calls that name no project of ours", async () => {
    const target = await stack.createProject({ addressRequestsPerMinute: 1 });
    for (let attempt = 0; attempt < 3; attempt++) {
      await readConfig({ ...target, publishableKey: "pk_test_unknown_to_all" });
      await readConfig({ ...target, origin: "https://evil.example" });
    }
    expect((await readConfig(target)).status).toBe(200);
  });
});

const FAULTS = [
  ["refuses", () => stack.redis.setMode("refuse")],
  ["hangs", () => stack.redis.setMode("hang")],
  ["answers 500", () => stack.redis.setMode("status", { status: 500, body: '{"error":"ERR"}' })],
  ["answers garbage", () => stack.redis.setMode("garbage")],
  ["answers null", () => stack.redis.setMode("status", { status: 200, body: "null" })],
  ["answers an error for each command", () => stack.redis.setMode("status", { status: 200, body: errors })],
  ["answers results that are none", () => stack.redis.setMode("status", { status: 200, body: nonsense })],
  ["forbids", () => stack.redis.setMode("status", { status: 401, body: '{"error":"Unauthorized"}' })],
] as const;
const errors = JSON.stringify(Array.from({ length: 5 }, () => ({ error: "OOM command not allowed" })));
const nonsense = JSON.stringify(Array.from({ length: 5 }, () => ({ result: "x" })));

describe("when Redis", () => {
  test.each(FAULTS)("%s, signing in and reading go on soon, and nothing is sponsored", async (_name, fail) => {
    const target = await stack.createProject();
    const proof = await makeProof(target, await createWallet());
    await fail();
    const startedAtMs = performance.now();
    const opened = await postSession(target, proof);
    expect(opened.status).toBe(201);
    expect(performance.now() - startedAtMs).toBeLessThan(SOON_MS);
    const token = opened.body.accessToken;
    const reading = await callApi(target, "GET", "/v1/sessions/current", { token });
    expect(reading.status).toBe(200);
    expect(performance.now() - startedAtMs).toBeLessThan(2 * SOON_MS);
    const relay = await callApi(target, "POST", "/v1/relays", { token, body: {} });
    expect(expectProblem(relay, 503, "store.unavailable").retryAfterSeconds).toBe(1);
    await stack.redis.setMode("pass");
    expect((await callApi(target, "POST", "/v1/relays", { token, body: {} })).status).toBe(400);
  });

  test("is away, each isolate still holds a tenth of every limit", async () => {
    const target = await stack.createProject({ addressRequestsPerMinute: 30 });
    await stack.redis.setMode("refuse");
    const statuses = await statusesOf(Array.from({ length: 5 }, () => () => readConfig(target)));
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect((await readConfig(target, "203.0.113.99")).status).toBe(200);
  });
});

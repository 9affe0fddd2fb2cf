import { type ApiTarget, callApi, signIn } from "@gasless/localnet/api-client";
import { untilRoomInMinute } from "@gasless/localnet/testing/minute";
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

beforeEach(() => untilRoomInMinute());

const readConfig = (target: ApiTarget, address = "203.0.113.7") =>
  callApi(target, "GET", "/v1/config", { headers: { "cf-connecting-ip": address } });

const statusesOf = async (calls: readonly (() => Promise<{ status: number }>)[]): Promise<number[]> => {
  const statuses: number[] = [];
  for (const call of calls) statuses.push((await call()).status);
  return statuses;
};

const readRateLimit = (headers: Headers) => {
  const [, name, remaining, resetSeconds] = /^"([\w-]+)";r=(\d+);t=(\d+)$/.exec(headers.get("ratelimit") ?? "") ?? [];
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

  test("of a key is that key's own, and of a project holds for all of its keys", async () => {
    const target = await stack.createProject();
    const second = { ...target, publishableKey: `pk_test_${crypto.randomUUID().replaceAll("-", "")}` };
    await stack.database.query(
      "insert into project_keys (id, project_id, key_hash, last_four) values ($1, $2, sha256($3::text::bytea), 'more')",
      [`key_${second.publishableKey}`, target.projectId, second.publishableKey],
    );
    await stack.database.query("update projects set key_requests_per_minute = 1 where id = $1", [target.projectId]);
    const perKey = [() => readConfig(target), () => readConfig(target), () => readConfig(second)];
    expect(await statusesOf(perKey)).toEqual([200, 429, 200]);
    await stack.database.query(
      "update projects set key_requests_per_minute = 100, requests_per_minute = 4 where id = $1",
      [target.projectId],
    );
    // What was refused is counted as well: three calls have been made by now.
    await vi.waitFor(
      async () => expect((await readConfig(second)).headers.get("ratelimit-policy")).toContain("project"),
      {
        timeout: 8_000,
        interval: 500,
      },
    );
    const limited = await readConfig(target);
    expect(expectProblem(limited, 429, "rate.limited").context).toEqual({ limit: "project", perMinute: 4 });
  });

  test("of signing in holds for an address, counts sessions and links alone, and stops nobody else", async () => {
    const target = await stack.createProject({ addressSignInsPerMinute: 2 });
    const proofs = await Promise.all([1, 2, 3].map(async () => makeProof(target, await createWallet())));
    const post = (proof: (typeof proofs)[number] | undefined, address: string) =>
      callApi(target, "POST", "/v1/sessions", { body: proof, headers: { "cf-connecting-ip": address } });
    const [first, second, third] = proofs;
    expect((await post(first, "203.0.113.7")).headers.get("ratelimit-policy")).toBe('"sign-in";q=2;w=60');
    expect((await post(second, "203.0.113.7")).status).toBe(201);
    const limited = await post(third, "203.0.113.7");
    expect(expectProblem(limited, 429, "rate.limited").context).toEqual({ limit: "sign-in", perMinute: 2 });
    expect((await readConfig(target)).status).toBe(200);
    expect((await post(third, "203.0.113.8")).status).toBe(201);
  });

  test("of a user's reading is told on each reading", async () => {
    const target = await stack.createProject();
    const { accessToken: token } = await signIn(target, await createWallet());
    const { headers } = await callApi(target, "GET", "/v1/sessions", { token });
    expect(headers.get("ratelimit-policy")).toMatch(/^"(?:reading|address)";q=1200;w=60$/);
  });

  test("goes by the platform's word for the address, whatever a client says of itself", async () => {
    const target = await stack.createProject({ addressRequestsPerMinute: 1 });
    const claim = (header: string) =>
      callApi(target, "GET", "/v1/config", {
        headers: { "cf-connecting-ip": "203.0.113.7", [header]: "198.51.100.9" },
      });
    const headers = ["x-forwarded-for", "x-real-ip", "true-client-ip", "forwarded", "x-client-ip"];
    expect(await statusesOf(headers.map((header) => () => claim(header)))).toEqual([200, 429, 429, 429, 429]);
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

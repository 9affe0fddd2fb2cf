import { type HttpProxy, startHttpProxy } from "@gasless/localnet/faults/http-proxy";
import { type RedisGateway, startRedisGateway } from "@gasless/localnet/redis/gateway";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { LimitCheck } from "../../ports.ts";
import { createLimiter } from "./limiter.ts";

const TOKEN = "a-token-for-this-test";

let gateway: RedisGateway;
let proxy: HttpProxy;
beforeAll(async () => {
  gateway = await startRedisGateway({ token: TOKEN });
  proxy = await startHttpProxy({ targetUrl: gateway.url });
});
afterAll(async () => {
  await proxy.close();
  await gateway.close();
});
afterEach(() => proxy.setMode("pass"));

/** A limiter whose clock stands in the middle of this minute, and what it was told of Redis. */
function create() {
  const degraded: unknown[] = [];
  const clock = { nowMs: Math.floor(Date.now() / 60_000) * 60_000 + 30_000 };
  const limiter = createLimiter({
    url: proxy.url,
    token: TOKEN,
    nowMs: () => clock.nowMs,
    onDegraded: (cause) => degraded.push(cause),
  });
  return { limiter, degraded, clock };
}

const check = (perMinute: number, name: LimitCheck["name"] = "address"): LimitCheck => ({
  name,
  subject: crypto.randomUUID(),
  perMinute,
});

describe("the limiter", () => {
  test("asks for all limits and the nonce in one wait, once the script is known", async () => {
    const { limiter } = create();
    const checks = [check(5), check(7, "key"), check(9, "user")];
    await limiter.take(checks, undefined, "open");
    const before = proxy.counters.requests;
    await proxy.setMode("hang");
    const taking = limiter.take(checks, "nonce", "closed");
    // Everything that it will ever send is on its way before anything is answered.
    await vi.waitFor(() => expect(proxy.counters.held).toBe(2), { interval: 5 });
    await proxy.setMode("pass");
    const { states, isNonceBurnt } = await taking;
    expect(proxy.counters.requests).toBe(before + 2);
    expect(states.map(({ name, limit, remaining }) => [name, limit, remaining])).toEqual([
      ["address", 5, 3],
      ["key", 7, 5],
      ["user", 9, 7],
    ]);
    expect(isNonceBurnt).toBe(false);
  });

  test("counts wrong proofs where it looks for them: the fifth burns the nonce, and no other", async () => {
    const { limiter } = create();
    const nonce = crypto.randomUUID();
    const isBurnt = async (of: string) => (await limiter.take([], of, "open")).isNonceBurnt;
    for (let proof = 0; proof < 4; proof++) await limiter.countWrongProof(nonce);
    expect(await isBurnt(nonce)).toBe(false);
    await limiter.countWrongProof(nonce);
    expect(await isBurnt(nonce)).toBe(true);
    expect(await isBurnt(crypto.randomUUID())).toBe(false);
  });

  test("remembers a used nonce", async () => {
    const { limiter } = create();
    const nonce = crypto.randomUUID();
    await limiter.markNonceUsed(nonce);
    expect((await limiter.take([], nonce, "open")).isNonceBurnt).toBe(true);
  });

  test("keeps nothing for longer than its use", async () => {
    const { limiter } = create();
    const nonce = crypto.randomUUID();
    await limiter.countWrongProof(nonce);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const body = JSON.stringify(["TTL", `gasless:nonce:${nonce}`]);
    const answer = (await (await fetch(gateway.url, { method: "POST", headers, body })).json()) as { result: number };
    expect(answer.result).toBeGreaterThan(300);
    expect(answer.result).toBeLessThanOrEqual(360);
  });
});

describe("while Redis is away, the limiter", () => {
  test("lets a tenth of each limit through, and starts anew with the next minute", async () => {
    const { limiter, degraded, clock } = create();
    const limited = check(25);
    await proxy.setMode("refuse");
    const remaining = async () =>
      (await limiter.take([limited], undefined, "open")).states.map((state) => state.remaining);
    expect([await remaining(), await remaining(), await remaining()]).toEqual([[1], [0], [-1]]);
    expect(degraded).toHaveLength(3);
    clock.nowMs += 60_000;
    expect(await remaining()).toEqual([1]);
  });

  test("never lets less through than one", async () => {
    const { limiter } = create();
    await proxy.setMode("refuse");
    const { states } = await limiter.take([check(1)], undefined, "open");
    expect(states).toMatchObject([{ limit: 1, remaining: 0, resetSeconds: 30 }]);
  });

  test("closes what spends money, and says when to come again", async () => {
    const { limiter } = create();
    await proxy.setMode("refuse");
    await expect(limiter.take([check(5)], undefined, "closed")).rejects.toMatchObject({
      code: "store.unavailable",
      options: { retryAfterSeconds: 1 },
    });
    await expect(limiter.ping()).rejects.toMatchObject({ code: "store.unavailable" });
  });

  test("counts and marks nothing, and never fails by it", async () => {
    const { limiter, degraded } = create();
    await proxy.setMode("refuse");
    await limiter.countWrongProof("nonce");
    await limiter.markNonceUsed("nonce");
    expect(degraded).toHaveLength(2);
  });

  test("waits for a Redis that hangs a quarter of a second, and a whole one where it may not go on", async () => {
    const { limiter } = create();
    await proxy.setMode("hang");
    const timeOf = async (work: Promise<unknown>): Promise<number> => {
      const startedAtMs = performance.now();
      await work.catch(() => undefined);
      return performance.now() - startedAtMs;
    };
    expect(await timeOf(limiter.take([check(5)], undefined, "open"))).toBeLessThan(900);
    expect(await timeOf(limiter.take([check(5)], undefined, "closed"))).toBeLessThan(2_000);
    await vi.waitFor(() => expect(proxy.counters.held).toBe(0));
  });

  test.each(["null", "[]", "{}", '"OK"', "[null]", '[{"result":null}]', '[{"result":"x"}]', '[{"result":[1]}]'])(
    "believes no answer that is none: %s",
    async (body) => {
      const { limiter, degraded } = create();
      await proxy.setMode("status", { status: 200, body });
      const { states } = await limiter.take([check(30)], undefined, "open");
      expect(states).toMatchObject([{ limit: 3, remaining: 2 }]);
      expect(degraded).toHaveLength(1);
      await expect(limiter.take([check(30)], undefined, "closed")).rejects.toMatchObject({ code: "store.unavailable" });
    },
  );
});

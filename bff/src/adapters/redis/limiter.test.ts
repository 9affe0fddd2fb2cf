import { type HttpProxy, startHttpProxy } from "@gasless/localnet/faults/http-proxy";
import { type RedisGateway, startRedisGateway } from "@gasless/localnet/redis/gateway";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { LimitCheck, LimiterRequest } from "../../domain/limits.ts";
import type { Possession } from "../../domain/possession.ts";
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

const ask = (checks: readonly LimitCheck[], nonce?: string, possession?: Possession): LimiterRequest => ({
  checks,
  nonce,
  possession,
  isSignedIn: true,
});

const newProof = (): Possession => ({ keyThumbprint: crypto.randomUUID(), jti: crypto.randomUUID() });

describe("the limiter", () => {
  test("asks for all limits, the nonce and the proof in one exchange, once the script is known", async () => {
    const { limiter } = create();
    const checks = [check(5), check(7, "key"), check(9, "user")];
    // The first exchange may take its time.
    await limiter.take(ask(checks), "closed");
    const before = proxy.counters.requests;
    await proxy.setMode("hang");
    const taking = limiter.take(ask(checks, "nonce", newProof()), "closed");
    // Everything that it will ever send is on its way before anything is answered.
    await vi.waitFor(() => expect(proxy.counters.held).toBe(1), { interval: 5 });
    await proxy.setMode("pass");
    const { states, isNonceBurnt, isReplay } = await taking;
    expect(proxy.counters.requests).toBe(before + 1);
    expect(states.map(({ name, limit, remaining }) => [name, limit, remaining])).toEqual([
      ["address", 5, 3],
      ["key", 7, 5],
      ["user", 9, 7],
    ]);
    expect([isNonceBurnt, isReplay]).toEqual([false, false]);
  });

  test("takes a proof once, and the same jti of another key too", async () => {
    const { limiter } = create();
    const proof = newProof();
    const isReplay = async (possession: Possession) =>
      (await limiter.take(ask([], undefined, possession), "closed")).isReplay;
    expect(await isReplay(proof)).toBe(false);
    expect(await isReplay(proof)).toBe(true);
    expect(await isReplay({ ...proof, keyThumbprint: "another" })).toBe(false);
    expect(await isReplay({ ...proof, jti: "another" })).toBe(false);
  });

  test("takes one of twenty uses of a proof at once", async () => {
    const { limiter } = create();
    const proof = newProof();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => limiter.take(ask([], undefined, proof), "closed")),
    );
    expect(answers.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
  });

  test("counts wrong proofs where it looks for them: the fifth burns the nonce, and no other", async () => {
    const { limiter } = create();
    const nonce = crypto.randomUUID();
    const isBurnt = async (of: string) => (await limiter.take(ask([], of), "open")).isNonceBurnt;
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
    expect((await limiter.take(ask([], nonce), "open")).isNonceBurnt).toBe(true);
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

describe("an address that has had enough", () => {
  test("takes nothing from what it shares with others, and asks Redis nothing more", async () => {
    const { limiter } = create();
    const [address, shared] = [check(3), check(100, "project")];
    for (let call = 0; call < 3; call++) await limiter.take(ask([address, shared]), "open");
    const before = proxy.counters.requests;
    for (let call = 0; call < 50; call++) {
      const { states } = await limiter.take(ask([address, shared]), "open");
      expect(states).toMatchObject([{ name: "address", limit: 3 }]);
      expect(states[0]?.remaining).toBeLessThan(0);
    }
    expect(proxy.counters.requests).toBe(before);
    const { states } = await limiter.take(ask([check(3), shared]), "open");
    expect(states[1]).toMatchObject({ name: "project", remaining: 96 });
  });

  test("at one isolate takes at every other one call more", async () => {
    const [address, shared] = [check(6), check(100, "project")];
    const limiters = Array.from({ length: 5 }, () => create().limiter);
    for (const limiter of limiters)
      for (let call = 0; call < 12; call++) await limiter.take(ask([address, shared]), "closed");
    const { states } = await create().limiter.take(ask([check(6), shared]), "closed");
    // Six that were let through, one each to find out, and this one.
    expect(100 - (states[1]?.remaining ?? 0)).toBeLessThanOrEqual(6 + 5 + 1);
  });

  test("takes nothing of it while Redis is away either", async () => {
    const { limiter } = create();
    const [address, shared] = [check(20), check(1_000, "project")];
    await proxy.setMode("refuse");
    for (let call = 0; call < 50; call++) await limiter.take(ask([address, shared]), "open");
    const { states } = await limiter.take(ask([check(20), shared]), "open");
    expect(states[1]).toMatchObject({ name: "project", remaining: 97 });
  });

  test("among more than can be remembered locks nobody out", async () => {
    const { limiter } = create();
    await proxy.setMode("refuse");
    for (let stranger = 0; stranger < 10_001; stranger++) {
      limiter.countLookup({ name: "address", subject: `stranger ${stranger}`, perMinute: 1 }, 1);
    }
    expect(limiter.countLookup({ name: "address", subject: "newcomer", perMinute: 1 }, 1).remaining).toBe(1);
    expect(limiter.countLookup({ name: "address", subject: "stranger 7", perMinute: 1 }, 1).remaining).toBe(-1);
  });
});

describe("while Redis is away, the limiter", () => {
  test("lets a tenth of each limit through, and starts anew with the next minute", async () => {
    const { limiter, degraded, clock } = create();
    const limited = check(25);
    await proxy.setMode("refuse");
    const remaining = async () => (await limiter.take(ask([limited]), "open")).states.map((state) => state.remaining);
    expect([await remaining(), await remaining(), await remaining()]).toEqual([[1], [0], [-1]]);
    expect(degraded).toHaveLength(3);
    clock.nowMs += 60_000;
    expect(await remaining()).toEqual([1]);
  });

  test("never lets less through than one", async () => {
    const { limiter } = create();
    await proxy.setMode("refuse");
    const { states } = await limiter.take(ask([check(1)]), "open");
    expect(states).toMatchObject([{ limit: 1, remaining: 0, resetSeconds: 30 }]);
  });

  test("closes what spends money, and says when to come again", async () => {
    const { limiter } = create();
    await proxy.setMode("refuse");
    await expect(limiter.take(ask([check(5)]), "closed")).rejects.toMatchObject({
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

  test("tells no more of Redis than its first plain words: its client repeats addresses and proofs", async () => {
    const { limiter, degraded } = create();
    const [proof, one] = [newProof(), check(30)];
    const body = JSON.stringify({ error: `WRONGPASS invalid token ${TOKEN}` });
    await proxy.setMode("status", { status: 401, headers: { "content-type": "application/json" }, body });
    await limiter.take(ask([one], "the nonce", proof), "open");
    await limiter.countWrongProof("the nonce");
    const refused = await limiter.take(ask([one], "the nonce", newProof()), "closed").catch((error: unknown) => error);
    const told = [...degraded, (refused as Error).cause].map(String);
    expect(told).toEqual(Array.from({ length: 4 }, () => "RedisFault: UpstashError: WRONGPASS invalid token"));
  });

  test("waits for a Redis that hangs a quarter of a second, and a whole one where it may not go on", async () => {
    const { limiter } = create();
    await proxy.setMode("hang");
    const timeOf = async (work: Promise<unknown>): Promise<number> => {
      const startedAtMs = performance.now();
      await work.catch(() => undefined);
      return performance.now() - startedAtMs;
    };
    expect(await timeOf(limiter.take(ask([check(5)]), "open"))).toBeLessThan(900);
    expect(await timeOf(limiter.take(ask([check(5)]), "closed"))).toBeLessThan(2_000);
    await vi.waitFor(() => expect(proxy.counters.held).toBe(0));
  });

  test("knows the proofs that it saw before, also those of a time when Redis was there", async () => {
    const { limiter } = create();
    const proof = newProof();
    const isReplay = async () => (await limiter.take(ask([], undefined, proof), "open")).isReplay;
    expect(await isReplay()).toBe(false);
    await proxy.setMode("refuse");
    expect(await isReplay()).toBe(true);
    const later = newProof();
    const isLaterReplay = async () => (await limiter.take(ask([], undefined, later), "open")).isReplay;
    expect(await isLaterReplay()).toBe(false);
    await proxy.setMode("pass");
    expect(await isLaterReplay()).toBe(true);
  });

  test("lets no flood of proofs without a token take others for replays", async () => {
    const { limiter } = create();
    await proxy.setMode("refuse");
    const strange = { ...ask([], undefined, newProof()), isSignedIn: false };
    for (let call = 0; call < 3; call++) expect((await limiter.take(strange, "open")).isReplay).toBe(false);
    for (let call = 0; call < 200; call++) await limiter.take({ ...strange, possession: newProof() }, "open");
    expect((await limiter.take(ask([], undefined, newProof()), "open")).isReplay).toBe(false);
  });

  test("knows the proofs that it has seen itself, for as long as they are timely", async () => {
    const { limiter, clock } = create();
    const proof = newProof();
    await proxy.setMode("refuse");
    const isReplay = async () => (await limiter.take(ask([], undefined, proof), "open")).isReplay;
    expect([await isReplay(), await isReplay()]).toEqual([false, true]);
    clock.nowMs += 131_000;
    expect(await isReplay()).toBe(false);
  });

  test.each(["null", "[]", "{}", '"OK"', "[null]", '[{"result":null}]', '[{"result":"x"}]', '[{"result":[1]}]'])(
    "believes no answer that is none: %s",
    async (body) => {
      const { limiter, degraded } = create();
      await proxy.setMode("status", { status: 200, body });
      const { states } = await limiter.take(ask([check(30)]), "open");
      expect(states).toMatchObject([{ limit: 3, remaining: 2 }]);
      expect(degraded).toHaveLength(1);
      await expect(limiter.take(ask([check(30)]), "closed")).rejects.toMatchObject({ code: "store.unavailable" });
    },
  );

  test.each(["{}", '[{"result":1}]', '[{"result":"NO"}]', "[{}]"])(
    "takes no proof for new on an answer that is none: %s",
    async (body) => {
      const { limiter } = create();
      await proxy.setMode("status", { status: 200, body });
      const taking = limiter.take(ask([], undefined, newProof()), "closed");
      await expect(taking).rejects.toMatchObject({ code: "store.unavailable" });
    },
  );
});

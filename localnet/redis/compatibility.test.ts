import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Ratelimit } from "@upstash/ratelimit";
import { Redis as UpstashRedis } from "@upstash/redis";
import { Redis as RespClient } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findFreePort } from "../ports.ts";
import { startRedisGateway } from "./gateway.ts";
import type { RedisGateway } from "./gateway.ts";

const TOKEN = "compatibility-token";
const HOST = "127.0.0.1";
const hasServer = spawnSync("redis-server", ["--version"]).status === 0;
const givenUrl = process.env["REDIS_URL"];

type Backend = { readonly redisUrl: string | undefined; stop(): Promise<void> };

async function startRealRedis(): Promise<Backend> {
  if (givenUrl !== undefined) return { redisUrl: givenUrl, stop: async () => undefined };
  const port = await findFreePort(HOST);
  const args = ["--port", String(port), "--bind", HOST, "--save", "", "--appendonly", "no", "--daemonize", "no"];
  const child = spawn("redis-server", args, { stdio: "ignore" });
  for (let attempt = 0; attempt < 200 && !(await answers(port)); attempt += 1) await sleep(10);
  return {
    redisUrl: `redis://${HOST}:${port}`,
    stop: async () => {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const client = new RespClient({ port, host: HOST, lazyConnect: true, retryStrategy: () => null });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

function connect({ url }: RedisGateway, encoding: "base64" | false = "base64"): UpstashRedis {
  return new UpstashRedis({ url, token: TOKEN, enableTelemetry: false, retry: false, responseEncoding: encoding });
}

const REAL = "a real Redis";
const BACKENDS: readonly { name: string; isMissing: boolean; open: () => Promise<Backend> }[] = [
  {
    name: "js-redis-server",
    isMissing: false,
    open: async () => ({ redisUrl: undefined, stop: async () => undefined }),
  },
  hasServer || givenUrl !== undefined
    ? { name: REAL, isMissing: false, open: startRealRedis }
    : { name: `${REAL} (skipped: no redis-server on the PATH, no REDIS_URL)`, isMissing: true, open: startRealRedis },
];

for (const { name, isMissing, open } of BACKENDS) {
  describe.skipIf(isMissing)(`the gateway on ${name}`, () => {
    let backend: Backend;
    let gateway: RedisGateway;
    let redis: UpstashRedis;
    let serial = 0;
    /** A key of its own for each use: a shared Redis is never wiped. */
    const makeKey = (): string => `gasless-test:${process.pid}:${name}:${Date.now()}:${(serial += 1)}`;

    beforeAll(async () => {
      backend = await open();
      gateway = await startRedisGateway({
        token: TOKEN,
        ...(backend.redisUrl === undefined ? {} : { redisUrl: backend.redisUrl }),
      });
      redis = connect(gateway);
    });

    afterAll(async () => {
      await gateway.close();
      await backend.stop();
    });

    test.each(["base64", false] as const)("values come back as they were set (encoding %s)", async (encoding) => {
      const client = connect(gateway, encoding);
      for (const value of ["plain", "", "€ 😀 \u0000 \n", "OK", "T0s=", "0123", "9007199254740993"]) {
        const key = makeKey();
        expect(await client.set(key, value, { px: 60_000 })).toBe("OK");
        expect(String(await client.get(key))).toBe(value);
      }
      expect(await client.get(makeKey())).toBeNull();
      expect(await client.ping()).toBe("PONG");
    });

    test("numbers, hashes, sets, sorted sets and nested replies keep their shape", async () => {
      const [counter, hash, set, sorted] = [makeKey(), makeKey(), makeKey(), makeKey()];
      expect(await redis.incrby(counter, 5)).toBe(5);
      await redis.hset(hash, { a: 1, b: { c: "d" } });
      expect(await redis.hgetall(hash)).toEqual({ a: 1, b: { c: "d" } });
      expect(await redis.hmget(hash, "a", "none")).toEqual({ a: 1, none: null });
      await redis.sadd(set, "x", "OK");
      expect((await redis.smembers(set)).toSorted()).toEqual(["OK", "x"]);
      await redis.zadd(sorted, { score: 1.5, member: "m" });
      expect(await redis.zrange(sorted, 0, -1, { withScores: true })).toEqual(["m", 1.5]);
      expect(await redis.eval("return {1, {'a', {ARGV[1]}}, false}", [], ["z"])).toEqual([1, ["a", ["z"]], null]);
    });

    test("SET NX EX grants a key to one of many", async () => {
      const key = makeKey();
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => redis.set(key, index, { nx: true, ex: 60 })),
      );
      expect(answers.filter((answer) => answer !== null)).toEqual(["OK"]);
      expect(await redis.ttl(key)).toBeGreaterThan(50);
    });

    test("a key is gone when its time is over", async () => {
      const key = makeKey();
      await redis.set(key, "short", { px: 30 });
      await sleep(60);
      expect(await redis.get(key)).toBeNull();
    });

    test("an error is an error for the client, and names Redis's reason", async () => {
      const key = makeKey();
      await redis.set(key, "text", { ex: 60 });
      await expect(redis.incr(key)).rejects.toThrow("value is not an integer");
      await expect(redis.lpush(key, "x")).rejects.toThrow("WRONGTYPE");
    });

    test("a pipeline keeps its order, and one failure leaves the rest", async () => {
      const key = makeKey();
      const pipeline = redis.pipeline().set(key, 1, { ex: 60 }).lpush(key, "x").incr(key).get(key);
      const outcomes = await pipeline.exec({ keepErrors: true });
      expect(outcomes.map(({ result }) => result)).toEqual(["OK", undefined, 2, 2]);
      expect(outcomes[1]?.error).toContain("WRONGTYPE");
    });

    test("a transaction applies all of it, also under competition", async () => {
      const [left, right] = [makeKey(), makeKey()];
      const results = await Promise.all(
        Array.from({ length: 30 }, () => redis.multi().incr(left).incr(right).exec<[number, number]>()),
      );
      expect(results.every(([a, b]) => a === b)).toBe(true);
      expect(await redis.mget(left, right)).toEqual([30, 30]);
    });

    test("a transaction with an unknown command changes nothing", async () => {
      const key = makeKey();
      const answer = await fetch(`${gateway.url}/multi-exec`, {
        method: "POST",
        headers: { authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify([["SET", key, "1"], ["NOSUCH"]]),
      });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('{"error":"EXECABORT');
      expect(await redis.get(key)).toBeNull();
    });

    test("a script with Upstash's flags runs by text, then by the hash the client computed", async () => {
      const key = makeKey();
      const script = redis.createScript<number>(
        `#!lua flags=allow-key-locking\nreturn redis.call("INCRBY", KEYS[1], ARGV[1]) -- ${key}`,
      );
      const hash = await sha1(script.script);
      await expect(redis.evalsha(hash, [key], ["2"])).rejects.toThrow("NOSCRIPT");
      expect(await script.exec([key], ["2"])).toBe(2);
      expect(await redis.evalsha(hash, [key], ["2"])).toBe(4);
      expect(await redis.scriptExists(hash, "0".repeat(40))).toEqual([1, 0]);
    });

    const ALGORITHMS = [
      ["fixedWindow", Ratelimit.fixedWindow(3, "60 s")],
      ["slidingWindow", Ratelimit.slidingWindow(3, "60 s")],
      ["tokenBucket", Ratelimit.tokenBucket(3, "60 s", 3)],
    ] as const;

    test.each(ALGORITHMS)("%s lets through exactly its limit, under competition", async (_name, limiter) => {
      const limit = new Ratelimit({ redis, limiter, prefix: makeKey(), ephemeralCache: false, timeout: 5000 });
      const answers = await Promise.all(Array.from({ length: 20 }, () => limit.limit("one")));
      expect(answers.filter(({ success }) => success)).toHaveLength(3);
      expect(answers.every(({ reason }) => reason === undefined)).toBe(true);
      expect((await limit.limit("another")).success).toBe(true);
      expect((await limit.getRemaining("one")).remaining).toBe(0);
      await limit.resetUsedTokens("one");
      expect((await limit.limit("one")).success).toBe(true);
    });

    test("a limiter survives a gateway that has forgotten every script hash", async () => {
      const limiter = Ratelimit.fixedWindow(2, "60 s");
      const prefix = makeKey();
      await new Ratelimit({ redis, limiter, prefix }).limit("one");
      const second = await startRedisGateway({
        token: TOKEN,
        ...(backend.redisUrl === undefined ? {} : { redisUrl: backend.redisUrl }),
      });
      const limit = new Ratelimit({ redis: connect(second), limiter, prefix });
      expect((await limit.limit("one")).success).toBe(true);
      await second.close();
    });

    test("limits of one tick travel as one pipeline", async () => {
      const limiter = Ratelimit.slidingWindow(100, "60 s");
      const names = ["address", "key", "user"];
      const limits = names.map((part) => new Ratelimit({ redis, limiter, prefix: `${makeKey()}:${part}` }));
      const answers = await Promise.all(limits.map((limit) => limit.limit("x")));
      expect(answers.map(({ remaining }) => remaining)).toEqual([99, 99, 99]);
    });
  });
}

async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
  return Buffer.from(digest).toString("hex");
}

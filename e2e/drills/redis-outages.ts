import assert from "node:assert/strict";
import type { HttpProxy } from "@gasless/localnet/faults/http-proxy";
import type { Stack } from "@gasless/localnet/testing/stack";

/** A way in which Redis can be away. */
export interface RedisOutage {
  readonly name: string;
  readonly begin: (redis: HttpProxy) => unknown;
}

const JSON_TYPE = { "content-type": "application/json" };
const TOO_MANY = { status: 429, headers: JSON_TYPE, body: '{"error":"ERR max daily request limit exceeded"}' };

export const REDIS_OUTAGES: readonly RedisOutage[] = [
  { name: "refuses connections", begin: (redis) => redis.setMode("refuse") },
  { name: "hangs", begin: (redis) => redis.setMode("hang") },
  { name: "answers 502 with a page", begin: (redis) => redis.setMode("status") },
  { name: "answers 429", begin: (redis) => redis.setMode("status", TOO_MANY) },
  {
    name: "answers null to everything",
    begin: (redis) =>
      redis.onRequest(({ body }) => {
        const commands = JSON.parse(body) as readonly unknown[];
        const isPipeline = commands.every((command) => Array.isArray(command));
        const answer = isPipeline ? commands.map(() => ({ result: null })) : { result: null };
        return { status: 200, headers: JSON_TYPE, body: JSON.stringify(answer) };
      }),
  },
];

export async function repairRedis(redis: HttpProxy): Promise<void> {
  redis.onRequest(undefined);
  await redis.setMode("pass");
}

/** Redis forgets everything that it knew. */
export async function wipeRedis({ redis, secrets }: Stack): Promise<void> {
  const headers = { ...JSON_TYPE, authorization: `Bearer ${secrets.redisToken}` };
  const answer = await fetch(redis.url, { method: "POST", headers, body: '["FLUSHALL"]' });
  assert.deepEqual(await answer.json(), { result: "OK" });
}

import type { Stack } from "./stack.ts";

/** Sends one command to the stack's Redis, past whatever its proxy is told to do. */
async function runRedis(stack: Stack, command: readonly string[]): Promise<unknown> {
  await stack.redis.setMode("pass");
  const headers = { authorization: `Bearer ${stack.secrets.redisToken}` };
  const response = await fetch(stack.redis.url, { method: "POST", headers, body: JSON.stringify(command) });
  const { result } = (await response.json()) as { result: unknown };
  return result;
}

/** What a crashed Redis without persistence looks like afterwards. */
export async function wipeRedis(stack: Stack): Promise<void> {
  await runRedis(stack, ["FLUSHALL"]);
}

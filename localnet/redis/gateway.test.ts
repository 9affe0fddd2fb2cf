import { createServer } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findFreePort } from "../ports.ts";
import { startRedisGateway } from "./gateway.ts";
import type { RedisGateway } from "./gateway.ts";

const TOKEN = "secret-token";
const HOST = "127.0.0.1";
let gateway: RedisGateway;

beforeAll(async () => {
  gateway = await startRedisGateway({ token: TOKEN });
});

afterAll(() => gateway.close());

function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${gateway.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    body,
  });
}

async function readPost(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await post(path, JSON.stringify(body));
  return { status: answer.status, body: await answer.json() };
}

describe("the Redis gateway", () => {
  test.each(["", "Bearer", "Bearer wrong-token", `Bearer ${TOKEN}x`, TOKEN, `bearer ${TOKEN}`])(
    "without the token nothing runs (%s)",
    async (authorization) => {
      const answer = await post("/", '["SET","stolen","1"]', { authorization });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ error: "Unauthorized" });
      expect(await readPost("/", ["GET", "stolen"])).toEqual({ status: 200, body: { result: null } });
    },
  );

  test.each([
    ["/", "no json", "ERR empty command"],
    ["/", "[]", "ERR empty command"],
    ["/", '{"a":1}', "ERR empty command"],
    ["/", '["SET",{"a":1}]', "ERR invalid command: arguments are strings, numbers or booleans"],
    ["/pipeline", '"GET"', "ERR failed to parse pipeline request"],
    ["/pipeline", '["GET","x"]', "ERR empty command"],
    ["/multi-exec", "[[]]", "ERR empty command"],
  ])("a malformed request is answered with a reason (%s %s)", async (path, body, error) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(await answer.json()).toEqual({ error });
  });

  test.each(["MULTI", "subscribe", "BLPOP", "SELECT", "Quit"])(
    "a command that would change the shared connection is refused (%s)",
    async (name) => {
      const error = `ERR Command is not available: '${name.toUpperCase()}'`;
      expect(await readPost("/", [name, "0"])).toEqual({ status: 400, body: { error } });
      expect(await readPost("/pipeline", [["PING"], [name, "0"]])).toEqual({ status: 400, body: { error } });
    },
  );

  test("a failing command has status 400, a failing part of a pipeline does not", async () => {
    const wrong = { error: expect.stringMatching(/wrong number of arguments/) };
    expect(await readPost("/", ["GET"])).toEqual({ status: 400, body: wrong });
    expect(await readPost("/pipeline", [["GET"], ["PING"]])).toEqual({
      status: 200,
      body: [wrong, { result: "PONG" }],
    });
  });

  test("an empty batch has an empty answer", async () => {
    expect(await readPost("/pipeline", [])).toEqual({ status: 200, body: [] });
    expect(await readPost("/multi-exec", [])).toEqual({ status: 200, body: [] });
  });

  test("a body beyond the cap is refused, and the gateway goes on", async () => {
    const answer = await post("/", JSON.stringify(["SET", "big", "x".repeat(1024 * 1024)]));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toEqual({ error: "ERR max request size exceeded" });
    expect(await readPost("/", ["PING"])).toEqual({ status: 200, body: { result: "PONG" } });
  });

  test("another path or method is not a command", async () => {
    expect((await post("/set/a/b", "")).status).toBe(404);
    const answer = await fetch(gateway.url, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(answer.status).toBe(405);
  });

  test("two gateways share nothing", async () => {
    const other = await startRedisGateway({ token: TOKEN });
    await readPost("/", ["SET", "mine", "1"]);
    const answer = await fetch(other.url, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}` },
      body: '["GET","mine"]',
    });
    expect(await answer.json()).toEqual({ result: null });
    await other.close();
  });

  test("a Redis that is not there is named at the start", async () => {
    const port = await findFreePort(HOST);
    await expect(startRedisGateway({ token: TOKEN, redisUrl: `redis://${HOST}:${port}` })).rejects.toThrow(
      `Redis at ${HOST}:${port} does not answer.`,
    );
  });

  test("a taken port is named, and an empty token is refused", async () => {
    const server = createServer().listen(0, HOST);
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(startRedisGateway({ token: TOKEN, port })).rejects.toThrow(`Port ${port} (Redis gateway) is taken`);
    await expect(startRedisGateway({ token: "" })).rejects.toThrow("needs a token");
    server.close();
  });
});

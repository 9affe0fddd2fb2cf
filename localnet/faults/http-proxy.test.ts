import { createServer } from "node:http";
import { once } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startHttpProxy } from "./http-proxy.ts";
import type { HttpProxy, ProxiedRequest } from "./http-proxy.ts";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

/** A target that tells what reached it, and over how many connections. */
async function start(): Promise<{ proxy: HttpProxy; seen: string[]; connections: () => number }> {
  const seen: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      seen.push(body);
      response.writeHead(201, { "content-type": "application/json", "x-target": "yes" });
      response.end(JSON.stringify({ method: request.method, url: request.url, body, by: request.headers["x-client"] }));
    });
  });
  server.on("connection", () => (connections += 1));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const proxy = await startHttpProxy({ targetUrl: `http://127.0.0.1:${port}/base/` });
  cleanups.push(
    () => {
      server.close();
      server.closeAllConnections();
    },
    () => proxy.close(),
  );
  return { proxy, seen, connections: () => connections };
}

function post(proxy: HttpProxy, body: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${proxy.url}/path?q=1`, {
    method: "POST",
    headers: { "x-client": "test" },
    body,
    ...(signal === undefined ? {} : { signal }),
  });
}

async function isSilent(answer: Promise<unknown>): Promise<boolean> {
  const silence = new Promise<"silent">((resolve) => void setTimeout(() => resolve("silent"), 100));
  return (await Promise.race([answer, silence])) === "silent";
}

describe("the HTTP proxy", () => {
  test("method, path, headers, body and answer pass unchanged", async () => {
    const { proxy } = await start();
    const answer = await post(proxy, "€".repeat(100_000));
    expect(answer.status).toBe(201);
    expect(answer.headers.get("x-target")).toBe("yes");
    expect(await answer.json()).toEqual({
      method: "POST",
      url: "/base/path?q=1",
      body: "€".repeat(100_000),
      by: "test",
    });
    const get = await fetch(proxy.url);
    expect(await get.json()).toEqual({ method: "GET", url: "/base/", body: "" });
  });

  test("connections to the target are kept", async () => {
    const { proxy, connections } = await start();
    for (let index = 0; index < 5; index += 1) await (await post(proxy, String(index))).text();
    expect(connections()).toBe(1);
    expect(proxy.counters).toEqual({ requests: 5, forwarded: 5, answeredHere: 0, droppedReplies: 0, held: 0 });
  });

  test("a delay holds each request", async () => {
    const { proxy } = await start();
    proxy.setDelayMs(120);
    const startMs = performance.now();
    await post(proxy, "");
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(119);
  });

  test("refuse refuses, and the port comes back", async () => {
    const { proxy } = await start();
    await post(proxy, "");
    await proxy.setMode("refuse");
    await expect(post(proxy, "")).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    await proxy.setMode("pass");
    expect((await post(proxy, "")).status).toBe(201);
  });

  test("hang answers nothing until the mode changes", async () => {
    const { proxy, seen } = await start();
    await proxy.setMode("hang");
    const answer = post(proxy, "held");
    expect(await isSilent(answer)).toBe(true);
    expect(seen).toEqual([]);
    await proxy.setMode("pass");
    expect((await answer).status).toBe(201);
    expect(seen).toEqual(["held"]);
  });

  test("a client that gives up while it hangs leaves nothing for the target", async () => {
    const { proxy, seen } = await start();
    await proxy.setMode("hang");
    await expect(post(proxy, "given up", AbortSignal.timeout(50))).rejects.toThrow();
    await vi.waitUntil(() => proxy.counters.held === 0);
    await proxy.setMode("pass");
    await post(proxy, "next");
    expect(seen).toEqual(["next"]);
  });

  test("status and garbage come from the proxy alone", async () => {
    const { proxy, seen } = await start();
    await proxy.setMode("status");
    const html = await post(proxy, "");
    expect([html.status, html.headers.get("content-type")]).toEqual([502, "text/html"]);
    await proxy.setMode("status", { status: 429, body: "null", headers: { "retry-after": "7" } });
    const limited = await post(proxy, "");
    expect([limited.status, limited.headers.get("retry-after"), await limited.json()]).toEqual([429, "7", null]);
    await proxy.setMode("garbage");
    const garbage = await post(proxy, "");
    expect(garbage.status).toBe(200);
    await expect(garbage.json()).rejects.toThrow();
    expect(seen).toEqual([]);
    expect(proxy.counters.answeredHere).toBe(3);
  });

  test("a hook sees each request and may answer it", async () => {
    const { proxy, seen } = await start();
    const asked: ProxiedRequest[] = [];
    proxy.onRequest((request) => {
      asked.push(request);
      return request.body === "mine" ? { status: 203, body: "from the hook" } : "forward";
    });
    expect(await (await post(proxy, "mine")).text()).toBe("from the hook");
    expect((await post(proxy, "theirs")).status).toBe(201);
    expect(seen).toEqual(["theirs"]);
    expect(asked.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["POST", "/path?q=1", "mine"],
      ["POST", "/path?q=1", "theirs"],
    ]);
    proxy.onRequest(undefined);
    expect((await post(proxy, "mine")).status).toBe(201);
  });

  test("a hook may hold a request", async () => {
    const { proxy } = await start();
    const gate = Promise.withResolvers<"forward">();
    proxy.onRequest(() => gate.promise);
    const answer = post(proxy, "held");
    expect(await isSilent(answer)).toBe(true);
    gate.resolve("forward");
    expect((await answer).status).toBe(201);
  });

  test("a dropped reply: the target did the work, the client never learns it", async () => {
    const { proxy, seen } = await start();
    proxy.onRequest(() => "drop-reply");
    await expect(post(proxy, "done")).rejects.toThrow();
    expect(seen).toEqual(["done"]);
    expect(proxy.counters.droppedReplies).toBe(1);
  });

  test("a target that is gone is a dropped connection, not a hang", async () => {
    const proxy = await startHttpProxy({ targetUrl: "http://127.0.0.1:9" });
    cleanups.push(() => proxy.close());
    await expect(post(proxy, "")).rejects.toThrow();
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startPostgres } from "../postgres/server.ts";
import type { Postgres } from "../postgres/server.ts";
import { startTcpProxy } from "./tcp-proxy.ts";
import type { TcpProxy } from "./tcp-proxy.ts";

const HOST = "127.0.0.1";
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

async function startEcho(): Promise<TcpProxy> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.pipe(socket);
  });
  server.listen(0, HOST);
  await once(server, "listening");
  const address = server.address();
  const targetPort = typeof address === "object" && address !== null ? address.port : 0;
  const proxy = await startTcpProxy({ targetHost: HOST, targetPort });
  cleanups.push(
    () => server.close(),
    () => proxy.close(),
  );
  return proxy;
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, HOST);
  socket.on("error", () => undefined);
  cleanups.push(() => socket.destroy());
  await once(socket, "connect");
  return socket;
}

async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [chunk]: unknown[] = await once(socket, "data");
  return String(chunk);
}

/** What comes first: an answer, or a time that is long on loopback. */
async function isSilent(answer: Promise<unknown>): Promise<boolean> {
  const silence = new Promise<"silent">((resolve) => void setTimeout(() => resolve("silent"), 100));
  return (await Promise.race([answer, silence])) === "silent";
}

async function errorCodeOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => undefined,
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );
}

describe("the TCP proxy", () => {
  test("bytes pass both ways, also many", async () => {
    const proxy = await startEcho();
    const socket = await open(proxy.port);
    const sent = "x".repeat(5_000_000);
    let received = 0;
    socket.on("data", (chunk: Uint8Array) => (received += chunk.byteLength));
    socket.end(sent);
    await once(socket, "end");
    expect(received).toBe(sent.length);
    expect(proxy.counters).toMatchObject({ connections: 1, waits: 0 });
  });

  test("refuse ends open connections, refuses new ones, and the port comes back", async () => {
    const proxy = await startEcho();
    const socket = await open(proxy.port);
    const closed = once(socket, "close");
    await proxy.setMode("refuse");
    await closed;
    expect(await errorCodeOf(open(proxy.port))).toBe("ECONNREFUSED");
    await proxy.setMode("pass");
    expect(await echo(await open(proxy.port), "again")).toBe("again");
    expect(proxy.counters).toEqual({ connections: 2, openConnections: 1, waits: 0 });
  });

  test("hang freezes open and new connections, and nothing is lost when it ends", async () => {
    const proxy = await startEcho();
    const old = await open(proxy.port);
    expect(await echo(old, "before")).toBe("before");
    await proxy.setMode("hang");
    const answers = [echo(old, "old"), echo(await open(proxy.port), "new")];
    expect(await isSilent(Promise.race(answers))).toBe(true);
    await proxy.setMode("pass");
    expect(await Promise.all(answers)).toEqual(["old", "new"]);
  });

  test("reset resets open and new connections", async () => {
    const proxy = await startEcho();
    const old = await open(proxy.port);
    await echo(old, "x");
    const failure = once(old, "error");
    await proxy.setMode("reset");
    expect(await failure).toEqual([expect.objectContaining({ code: "ECONNRESET" })]);
    const fresh = connect(proxy.port, HOST);
    expect(await once(fresh, "error")).toEqual([expect.objectContaining({ code: "ECONNRESET" })]);
  });

  test("close leaves no connection and no listener", async () => {
    const proxy = await startEcho();
    const socket = await open(proxy.port);
    const closed = once(socket, "close");
    await proxy.close();
    await closed;
    expect(await errorCodeOf(open(proxy.port))).toBe("ECONNREFUSED");
  });
});

describe("the TCP proxy in front of PostgreSQL", () => {
  const dataFolder = mkdtempSync(join(tmpdir(), "gasless-proxy-test-"));
  let postgres: Postgres;

  beforeAll(async () => {
    postgres = await startPostgres({ dataFolder, durable: false });
  });

  afterAll(async () => {
    await postgres.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  async function startProxy(): Promise<{ proxy: TcpProxy; client: Client }> {
    const proxy = await startTcpProxy({ targetHost: HOST, targetPort: postgres.port });
    const url = new URL(postgres.url);
    url.port = String(proxy.port);
    const client = new Client({ connectionString: url.href });
    client.on("error", () => undefined);
    cleanups.push(
      () => proxy.close(),
      () => client.end(),
    );
    return { proxy, client };
  }

  test("each query waits once; connecting and parting wait for nothing", async () => {
    const { proxy, client } = await startProxy();
    proxy.setQueryDelayMs(150);
    await client.connect();
    expect(proxy.counters.waits).toBe(0);
    const start = performance.now();
    await client.query("select 1");
    await client.query("select $1::text", ["x".repeat(500_000)]);
    expect(performance.now() - start).toBeGreaterThanOrEqual(299);
    expect(proxy.counters.waits).toBe(2);
    await client.end();
    expect(proxy.counters.waits).toBe(2);
  });

  test("statements of one flush are one wait", async () => {
    const { proxy, client } = await startProxy();
    await client.connect();
    await client.query("begin; select 1; select 2; commit");
    expect(proxy.counters.waits).toBe(1);
  });

  test("the delay can change under way without changing the order", async () => {
    const { proxy, client } = await startProxy();
    await client.connect();
    proxy.setQueryDelayMs(50);
    const first = client.query<{ value: number }>("select 1 as value");
    proxy.setQueryDelayMs(0);
    const second = client.query<{ value: number }>("select 2 as value");
    expect((await first).rows[0]?.value).toBe(1);
    expect((await second).rows[0]?.value).toBe(2);
  });

  test("a database that vanishes is an error for its client at once", async () => {
    const { proxy, client } = await startProxy();
    await client.connect();
    const answer = errorCodeOf(client.query("select pg_sleep(10)"));
    await proxy.setMode("refuse");
    expect(await answer).toBeDefined();
  });
});

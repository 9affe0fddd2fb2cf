import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startTcpProxy } from "./faults/tcp-proxy.ts";
import { findFreePort } from "./ports.ts";
import { startPostgres } from "./postgres/server.ts";
import type { Postgres } from "./postgres/server.ts";
import { startWorker } from "./worker.ts";
import type { Worker, WorkerLogEntry, WorkerOptions } from "./worker.ts";

const SOURCE = `
import { DurableObject } from "cloudflare:workers";
import { Client } from "pg";

export class Alarm extends DurableObject {
  async schedule(delayMs) {
    await this.ctx.storage.sql.exec("create table if not exists kept (value text)");
    await this.ctx.storage.sql.exec("insert into kept values ('row')");
    await this.ctx.storage.setAlarm(Date.now() + delayMs);
  }
  async readMs() {
    return Date.now();
  }
  async alarm() {
    const [row] = this.ctx.storage.sql.exec("select value from kept").toArray();
    await fetch("http://alarm.test/" + row.value);
  }
}

async function runQuery(env) {
  const client = new Client({ connectionString: env.HYPERDRIVE.connectionString });
  await client.connect();
  const { rows } = await client.query("select $1::int + 1 as value", [41]);
  await client.end();
  return rows[0].value;
}

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/address": return Response.json(request.headers.get("cf-connecting-ip"));
      case "/binding": return Response.json(env.GREETING);
      case "/query": return Response.json(await runQuery(env));
      case "/outbound": return fetch("https://example.test/path", { method: "POST", body: await request.text() });
      case "/asset": return env.ASSETS.fetch("https://assets.invalid/" + searchParams.get("name"));
      case "/log": console.warn("a line"); return new Response();
      case "/clock": return Response.json([Date.now(), +new Date(), Date.parse(Date()), await env.ALARM.getByName("clock").readMs()]);
      case "/date": return Response.json([new Date(5) instanceof Date, new Date(5).constructor === Date, new Date(2026, 0, 2).getDate(), Date.UTC(1970)]);
      case "/alarm": await env.ALARM.getByName("one").schedule(Number(searchParams.get("ms"))); return new Response();
      default: return new Response(await request.text(), { status: 404 });
    }
  },
  async scheduled(controller) {
    await fetch("http://cron.test/");
  },
};
`;

const bundleFolder = resolve("node_modules", ".cache", `gasless-worker-test-${process.pid}`);
const scriptPath = join(bundleFolder, "dist", "source.js");
const dataFolder = mkdtempSync(join(tmpdir(), "gasless-worker-test-"));
const started: Worker[] = [];
let postgres: Postgres;

beforeAll(async () => {
  mkdirSync(bundleFolder, { recursive: true });
  writeFileSync(join(bundleFolder, "source.js"), SOURCE);
  writeFileSync(join(bundleFolder, "wrangler.json"), JSON.stringify(BUNDLE_OPTIONS));
  const wrangler = join("node_modules", "wrangler", "bin", "wrangler.js");
  const args = [wrangler, "deploy", "--dry-run", "--config", join(bundleFolder, "wrangler.json"), "--outdir"];
  const [database] = await Promise.all([
    startPostgres({ dataFolder: join(dataFolder, "postgres"), durable: false }),
    promisify(execFile)(process.execPath, [...args, join(bundleFolder, "dist")], { env: WRANGLER_ENVIRONMENT }),
  ]);
  postgres = database;
});

const BUNDLE_OPTIONS = {
  name: "worker-test",
  main: "source.js",
  compatibility_date: "2026-07-30",
  compatibility_flags: ["nodejs_compat"],
};

const WRANGLER_ENVIRONMENT = {
  ...process.env,
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
};

afterEach(async () => {
  for (const worker of started.splice(0)) await worker.stop();
});

afterAll(async () => {
  await postgres.stop();
  rmSync(bundleFolder, { recursive: true, force: true });
  rmSync(dataFolder, { recursive: true, force: true });
});

async function start(options: Partial<WorkerOptions> = {}): Promise<Worker> {
  const worker = await startWorker({
    scriptPath,
    bindings: { GREETING: "hello" },
    databaseUrl: postgres.url,
    durableObjects: { ALARM: "Alarm" },
    ...options,
  });
  started.push(worker);
  return worker;
}

async function readJson(url: string, headers: Record<string, string> = {}): Promise<unknown> {
  return (await fetch(url, { headers })).json();
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/cwd`);
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let poll = 0; poll < 500 && !condition(); poll += 1) await sleep(20);
  expect(condition()).toBe(true);
}

describe("startWorker", () => {
  test("the bundle sees its bindings and reaches PostgreSQL through Hyperdrive", async () => {
    const { url } = await start();
    expect(await readJson(`${url}/binding`)).toBe("hello");
    expect(await readJson(`${url}/query`)).toBe(42);
  });

  test("a query is one wait for the database, whatever the driver writes it in", async () => {
    const proxy = await startTcpProxy({ targetHost: "127.0.0.1", targetPort: postgres.port });
    const throughProxy = new URL(postgres.url);
    throughProxy.port = String(proxy.port);
    const { url } = await start({ databaseUrl: throughProxy.href });
    for (let index = 0; index < 5; index += 1) expect(await readJson(`${url}/query`)).toBe(42);
    expect(proxy.counters).toMatchObject({ connections: 5, waits: 5 });
    await proxy.close();
  });

  test("a request's status and body pass through unchanged", async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/none`, { method: "POST", body: "€".repeat(100_000) });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe("€".repeat(100_000));
  });

  test("spoofing: a client cannot name its own address", async () => {
    const { url } = await start();
    expect(await readJson(`${url}/address`)).toBe("127.0.0.1");
    expect(await readJson(`${url}/address`, { "CF-Connecting-IP": "6.6.6.6" })).toBe("127.0.0.1");
    const smuggled = { "MF-CF-Blob": '{"clientIp":"6.6.6.6:1"}', "MF-Original-URL": "http://elsewhere.test/address" };
    expect(await readJson(`${url}/address`, smuggled)).toBe("127.0.0.1");
  });

  test("a test that asks for it may play any address", async () => {
    const { url } = await start({ addressFromHeader: true });
    expect(await readJson(`${url}/address`, { "CF-Connecting-IP": "6.6.6.6" })).toBe("6.6.6.6");
  });

  test("every outbound request can be answered without a network", async () => {
    const { url } = await start({
      outbound: async (request) =>
        Response.json({ url: request.url, body: await request.text() }, { status: 418, headers: { "x-by": "hook" } }),
    });
    const answer = await fetch(`${url}/outbound`, { method: "POST", body: "sent" });
    expect(answer.status).toBe(418);
    expect(answer.headers.get("x-by")).toBe("hook");
    expect(await answer.json()).toEqual({ url: "https://example.test/path", body: "sent" });
  });

  test("the bundle reads its assets as they are now, and nothing beside them", async () => {
    const assetsFolder = join(dataFolder, "assets");
    mkdirSync(assetsFolder);
    writeFileSync(join(assetsFolder, "page.html"), "€ once");
    writeFileSync(join(dataFolder, "secret"), "hunter2");
    const { url } = await start({ assetsFolder });
    const read = async (name: string) => {
      const answer = await fetch(`${url}/asset?name=${encodeURIComponent(name)}`);
      return [answer.status, await answer.text()];
    };
    expect(await read("page.html")).toEqual([200, "€ once"]);
    writeFileSync(join(dataFolder, "fresh"), "€ twice");
    renameSync(join(dataFolder, "fresh"), join(assetsFolder, "page.html"));
    expect(await read("page.html")).toEqual([200, "€ twice"]);
    for (const name of ["none.html", "../secret", "%2e%2e/secret", "%2e%2e%2fsecret"]) {
      expect(await read(name)).toEqual([404, expect.not.stringContaining("hunter2")]);
    }
  });

  test("the cron handler runs when it is told to", async () => {
    const calls: string[] = [];
    const worker = await start({ outbound: async ({ url }) => (calls.push(url), new Response()) });
    await worker.runScheduled();
    expect(calls).toEqual(["http://cron.test/"]);
  });

  test("what the worker prints reaches the log hook with its level", async () => {
    const entries: WorkerLogEntry[] = [];
    const { url } = await start({ onLog: (entry) => entries.push(entry) });
    await fetch(`${url}/log`);
    await waitFor(() => entries.length > 0);
    expect(entries).toEqual([{ level: "warn", message: "a line" }]);
  });

  test("rows and alarms of a Durable Object survive a kill, and an overdue alarm needs no visitor", async () => {
    const calls: string[] = [];
    const outbound = async ({ url }: Request) => (calls.push(url), new Response());
    const persistFolder = join(dataFolder, "objects");
    const first = await start({ persistFolder, outbound });
    await fetch(`${first.url}/alarm?ms=1500`);
    await first.kill();
    expect(isAlive(first.pid)).toBe(false);
    await sleep(1600);
    expect(calls).toEqual([]);
    await start({ persistFolder, outbound });
    await waitFor(() => calls.length > 0);
    expect(calls).toEqual(["http://alarm.test/row"]);
  });

  test("a movable clock is the worker's and its Durable Objects' alike, and is a Date in everything else", async () => {
    const worker = await start({ clockOffsetMs: -360_000 });
    for (const offsetMs of [-360_000, 5 * 3_600_000]) {
      await worker.setClockOffsetMs(offsetMs);
      const expectedMs = Date.now() + offsetMs;
      const clocks = (await readJson(`${worker.url}/clock`)) as number[];
      expect(clocks).toHaveLength(4);
      for (const clockMs of clocks) expect(Math.abs(clockMs - expectedMs)).toBeLessThan(5_000);
    }
    expect(await readJson(`${worker.url}/date`)).toEqual([true, true, 2, 0]);
    expect(await readJson(`${worker.url}/address`, { "CF-Connecting-IP": "6.6.6.6" })).toBe("127.0.0.1");
    await expect((await start()).setClockOffsetMs(1)).rejects.toThrow("cannot be moved");
  });

  test("an alarm rings after the time that it was set for, however the clock was moved", async () => {
    const calls: string[] = [];
    const outbound = async ({ url }: Request) => (calls.push(url), new Response());
    const worker = await start({ clockOffsetMs: 3_600_000, outbound });
    await fetch(`${worker.url}/alarm?ms=300`);
    await waitFor(() => calls.length > 0);
    expect(calls).toEqual(["http://alarm.test/row"]);
  });

  test("a killed worker can be replaced on the same port", async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    await first.kill();
    const second = await start({ port });
    expect(second.url).toBe(first.url);
    expect(await readJson(`${second.url}/binding`)).toBe("hello");
  });

  test("a crash that nobody ordered is followed by a restart on the same port", async () => {
    const worker = await start();
    const { pid } = worker;
    process.kill(pid, "SIGKILL");
    await waitFor(() => worker.pid !== pid);
    expect(await readJson(`${worker.url}/binding`)).toBe("hello");
  });

  test("stop leaves no process; a second stop is harmless", async () => {
    const worker = await start();
    await worker.stop();
    expect(isAlive(worker.pid)).toBe(false);
    await worker.stop();
  });

  test("a taken port is named", async () => {
    const port = await findFreePort("127.0.0.1");
    await start({ port });
    await expect(start({ port })).rejects.toThrow(`Port ${port} (API) is taken`);
  });

  test("workerd dies with a supervisor that is killed", async () => {
    const module = JSON.stringify(new URL("./worker.ts", import.meta.url).href);
    const options = JSON.stringify({ scriptPath, bindings: {}, databaseUrl: postgres.url, durableObjects: {} });
    const source = `import { startWorker } from ${module}; console.log((await startWorker(${options})).pid);`;
    const supervisor = spawn(process.execPath, ["--input-type=module", "-e", source], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line]: unknown[] = await once(supervisor.stdout, "data");
    const pid = Number(String(line));
    expect(isAlive(pid)).toBe(true);
    supervisor.kill("SIGKILL");
    await waitFor(() => !isAlive(pid));
  });
});

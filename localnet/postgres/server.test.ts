import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { findFreePort } from "../ports.ts";
import { launchAsNobody } from "./launch.ts";
import { startPostgres } from "./server.ts";
import type { Postgres, PostgresOptions } from "./server.ts";

const HOST = "127.0.0.1";
const started: Postgres[] = [];
const folders: string[] = [];

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gasless-postgres-test-"));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

async function start(dataFolder: string, options: Partial<PostgresOptions> = {}): Promise<Postgres> {
  const postgres = await startPostgres({ dataFolder, durable: false, ...options });
  started.push(postgres);
  return postgres;
}

async function query(url: string, statement: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ value: unknown }>(statement);
    return rows[0]?.value;
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/cwd`);
}

async function waitUntilGone(pid: number): Promise<void> {
  for (let poll = 0; poll < 200 && isAlive(pid); poll += 1) await sleep(20);
  expect(isAlive(pid)).toBe(false);
}

/** A process that starts the server, with or without the signal that ties the server's life to its own. */
const SUPERVISOR = `
import { chooseLaunch } from ${JSON.stringify(new URL("./launch.ts", import.meta.url).href)};
import { startPostgres } from ${JSON.stringify(new URL("./server.ts", import.meta.url).href)};
const [dataFolder, tie] = process.argv.slice(1);
const tied = chooseLaunch();
const prefix = tied.prefix.filter((word) => !["setpriv", "--pdeathsig", "QUIT"].includes(word));
const launch = tie === "tied" ? tied : { ...tied, prefix };
const postgres = await startPostgres({ dataFolder, durable: false, launch });
console.log(postgres.pid);
setInterval(() => {}, 1000);
`;

type Supervisor = { readonly postgresPid: number; kill(): Promise<void> };

async function startSupervisor(dataFolder: string, tie: "tied" | "untied"): Promise<Supervisor> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", SUPERVISOR, dataFolder, tie], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const [line]: unknown[] = await once(child.stdout, "data");
  return {
    postgresPid: Number(String(line)),
    kill: async () => {
      child.kill("SIGKILL");
      await exit;
    },
  };
}

afterEach(async () => {
  for (const postgres of started.splice(0)) await postgres.stop();
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe("startPostgres", () => {
  test("gives a UTF-8 superuser connection to PostgreSQL 16", async () => {
    const { url, port } = await start(makeFolder());
    expect(new URL(url).port).toBe(String(port));
    expect(await query(url, "select current_setting('server_version') as value")).toMatch(/^16\./);
    expect(await query(url, "select current_setting('server_encoding') as value")).toBe("UTF8");
    expect(await query(url, "select rolsuper as value from pg_roles where rolname = current_user")).toBe(true);
    expect(await query(url, "select upper('ä') || length('€')::text as value")).toBe("Ä1");
  });

  test("committed rows and the password survive a restart", async () => {
    const folder = makeFolder();
    const first = await start(folder);
    await query(first.url, "create table kept as select 7 as value");
    await first.stop();
    const second = await start(folder);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
    expect(await query(second.url, "select value from kept")).toBe(7);
  });

  test("the generated password is for the owner's eyes only", async () => {
    const folder = makeFolder();
    const { url } = await start(folder);
    expect(statSync(join(folder, "password")).mode & 0o777).toBe(0o600);
    expect(new URL(url).password).toBe(readFileSync(join(folder, "password"), "utf8"));
  });

  test("a wrong password and another user are refused", async () => {
    const { url } = await start(makeFolder(), { password: "right/one" });
    const wrong = new URL(url);
    wrong.password = "wrong";
    await expect(query(wrong.href, "select 1")).rejects.toThrow("password authentication failed");
    const stranger = new URL(url);
    stranger.username = "postgres";
    await expect(query(stranger.href, "select 1")).rejects.toThrow("password authentication failed");
    expect(await query(url, "select 1 as value")).toBe(1);
  });

  test("a host beyond loopback is refused", async () => {
    await expect(startPostgres({ dataFolder: makeFolder(), host: "0.0.0.0" })).rejects.toThrow("loopback only");
  });

  test("a taken port is named before anything starts", async () => {
    const port = await findFreePort(HOST);
    const server = createServer().listen(port, HOST);
    await once(server, "listening");
    await expect(start(makeFolder(), { port })).rejects.toThrow(`Port ${port} (PostgreSQL) is taken`);
    server.close();
  });

  test("durable is the default, and what tests give up is crash safety alone", async () => {
    const folder = makeFolder();
    const safe = await start(folder, { durable: true });
    expect(await query(safe.url, "select current_setting('fsync') as value")).toBe("on");
    await safe.stop();
    const fast = await start(folder);
    expect(await query(fast.url, "select current_setting('fsync') as value")).toBe("off");
  });

  test("stop ends open transactions and leaves no process; a second stop is harmless", async () => {
    const postgres = await start(makeFolder());
    const client = new Client({ connectionString: postgres.url });
    client.on("error", () => undefined);
    await client.connect();
    await client.query("begin");
    await postgres.stop();
    expect(isAlive(postgres.pid)).toBe(false);
    await postgres.stop();
    await expect(query(postgres.url, "select 1")).rejects.toThrow("ECONNREFUSED");
  });

  test("a second server on a folder in use is refused and harms nothing", async () => {
    const folder = makeFolder();
    const { url } = await start(folder);
    await expect(start(folder)).rejects.toThrow("is in use");
    expect(await query(url, "select 1 as value")).toBe(1);
  });

  test("the server dies with a supervisor that is killed, and its folder starts again", async () => {
    const folder = makeFolder();
    const supervisor = await startSupervisor(folder, "tied");
    await supervisor.kill();
    await waitUntilGone(supervisor.postgresPid);
    const { url } = await start(folder);
    expect(await query(url, "select 1 as value")).toBe(1);
  });

  test("an orphan that outlived its supervisor is ended by the next start", async () => {
    const folder = makeFolder();
    const supervisor = await startSupervisor(folder, "untied");
    await supervisor.kill();
    expect(isAlive(supervisor.postgresPid)).toBe(true);
    const { url } = await start(folder);
    expect(isAlive(supervisor.postgresPid)).toBe(false);
    expect(await query(url, "select 1 as value")).toBe(1);
  });

  test("a lock file that names an unrelated process does not stop a start", async () => {
    const folder = makeFolder();
    const first = await start(folder);
    await first.stop();
    writeFileSync(join(folder, "cluster", "postmaster.pid"), `${process.pid}\n${join(folder, "cluster")}\n`);
    const { url } = await start(folder);
    expect(await query(url, "select 1 as value")).toBe(1);
  });

  test("a cluster that was half made is made again", async () => {
    const folder = makeFolder();
    const first = await start(folder);
    await first.stop();
    rmSync(join(folder, "cluster"), { recursive: true });
    writeFileSync(join(folder, "cluster.new.password"), "left behind");
    const { url } = await start(folder);
    expect(await query(url, "select 1 as value")).toBe(1);
  });

  test.runIf(process.getuid?.() === 0)("without user namespaces root gives its identity up", async () => {
    const folder = makeFolder();
    const unprivileged = await start(folder, { launch: launchAsNobody() });
    expect(statSync(`/proc/${unprivileged.pid}`).uid).toBe(65_534);
    await query(unprivileged.url, "create table kept as select 7 as value");
    await unprivileged.stop();
    const again = await start(folder);
    expect(await query(again.url, "select value from kept")).toBe(7);
  });
});

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { assertPortFree, findFreePort } from "../ports.ts";
import { ensureCluster, keepPassword, locateCluster } from "./cluster.ts";
import type { Cluster } from "./cluster.ts";
import { chooseLaunch, identityOf, wrap } from "./launch.ts";
import type { Launch } from "./launch.ts";
import { claimCluster, clearOrphan } from "./orphan.ts";
import { serverArguments } from "./settings.ts";

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);
const POLL_MS = 10;
const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 5000;
/** Between finding a free port and binding it, another process may be faster. */
const FREE_PORT_ATTEMPTS = 5;

export type PostgresOptions = {
  readonly dataFolder: string;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Taken by a fresh data folder only; without it one is generated and kept there. */
  readonly password?: string;
  /** False gives up crash safety for speed: for tests. */
  readonly durable?: boolean;
  /** How to run without being root; chosen for this machine when absent. */
  readonly launch?: Launch;
};

export type Postgres = {
  readonly url: string;
  readonly port: number;
  /** Of the postmaster. */
  readonly pid: number;
  /** Fast shutdown, SIGKILL after a deadline; may be called again. */
  stop(): Promise<void>;
};

/** A PostgreSQL 16 of our own on loopback; its data folder is made on first use. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const host = options.host ?? "127.0.0.1";
  if (!LOOPBACK.has(host)) throw new Error(`PostgreSQL is for loopback only, not for ${host}.`);
  const cluster = locateCluster(options.launch ?? chooseLaunch(), options.dataFolder);
  const password = keepPassword(cluster, options.password);
  await clearOrphan(cluster);
  await ensureCluster(cluster, password);
  const { child, pid, port } = await startOnPort(cluster, host, options);
  return {
    url: `postgres://gasless:${encodeURIComponent(password)}@${host === "::1" ? "[::1]" : host}:${port}/postgres`,
    port,
    pid,
    stop: () => stopServer(child),
  };
}

type Running = { readonly child: ChildProcess; readonly pid: number; readonly port: number };

async function startOnPort(cluster: Cluster, host: string, options: PostgresOptions): Promise<Running> {
  const durable = options.durable ?? true;
  if (options.port !== undefined && options.port !== 0) {
    await assertPortFree(host, options.port, "PostgreSQL");
    return startServer(cluster, host, options.port, durable);
  }
  for (let attempt = 1; attempt < FREE_PORT_ATTEMPTS; attempt += 1) {
    try {
      return await startServer(cluster, host, await findFreePort(host), durable);
    } catch (error) {
      if (!String(error).includes("Address already in use")) throw error;
    }
  }
  return startServer(cluster, host, await findFreePort(host), durable);
}

async function startServer(cluster: Cluster, host: string, port: number, durable: boolean): Promise<Running> {
  const logFile = join(cluster.folder, "postgres.log");
  const child = spawnServer(cluster, logFile, serverArguments(cluster.dataDirectory, host, port, durable));
  await once(child, "spawn");
  claimCluster(cluster);
  const pid = child.pid ?? 0;
  const deadlineAtMs = Date.now() + START_DEADLINE_MS;
  while (!isReady(cluster, pid)) {
    if (hasEnded(child) || Date.now() > deadlineAtMs) {
      await stopServer(child);
      throw new Error(`PostgreSQL did not start:\n${readFileSync(logFile, "utf8").trim()}`);
    }
    await sleep(POLL_MS);
  }
  return { child, pid, port };
}

/** Its own session keeps Ctrl-C away from it: the supervisor decides when the database goes. */
function spawnServer(cluster: Cluster, logFile: string, args: readonly string[]): ChildProcess {
  const { program, args: rest } = wrap(cluster.launch, join(cluster.binFolder, "postgres"), args);
  const log = openSync(logFile, "w", 0o600);
  try {
    return spawn(program, rest, {
      cwd: cluster.folder,
      env: cluster.environment,
      detached: true,
      stdio: ["ignore", log, log],
      ...identityOf(cluster.launch),
    });
  } finally {
    closeSync(log);
  }
}

/** The lock file's first line is the process, its eighth the state: what pg_ctl waits for as well. */
function isReady(cluster: Cluster, pid: number): boolean {
  try {
    const lines = readFileSync(join(cluster.dataDirectory, "postmaster.pid"), "utf8").split("\n");
    return lines[0] === String(pid) && lines[7]?.trim() === "ready";
  } catch {
    return false;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exit = once(child, "exit");
  const deadline = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
  child.kill("SIGINT");
  await exit;
  clearTimeout(deadline);
}

import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Response as MiniflareResponse, Miniflare, NoOpLog } from "miniflare";
import type { MiniflareOptions, Request as MiniflareRequest } from "miniflare";
import { assertPortFree, findFreePort } from "./ports.ts";
import { CLOCK_PATH, moduleOptions } from "./worker-modules.ts";

/** Of the workerd in the lockfile. */
const COMPATIBILITY_DATE = "2026-07-30";
const WORKER_NAME = "gasless";
const ID_VARIABLE = "GASLESS_WORKER_ID";
const EXIT_POLL_MS = 5;
const EXIT_POLLS = 400;

export type WorkerLogEntry = { readonly level: string; readonly message: string };

export type WorkerOptions = {
  /** One bundled ES module, below the working directory. */
  readonly scriptPath: string;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  readonly bindings: Readonly<Record<string, string>>;
  /** Becomes the Hyperdrive binding `HYPERDRIVE`. */
  readonly databaseUrl: string;
  /** Becomes the binding `ASSETS`: its files, by their names. On Cloudflare they are the Worker's static assets. */
  readonly assetsFolder?: string;
  /** Binding → class name; all of them keep their rows in SQLite. */
  readonly durableObjects: Readonly<Record<string, string>>;
  /** Where Durable Objects live on; without it they end with the worker. */
  readonly persistFolder?: string;
  /** Answers every outbound HTTP request instead of the network. */
  readonly outbound?: (request: Request) => Promise<Response>;
  /** Receives what the worker and the runtime print; without it nothing is printed. */
  readonly onLog?: (entry: WorkerLogEntry) => void;
  /** True lets a client name its own address in `CF-Connecting-IP`, as the edge would: for tests of address rules. */
  readonly addressFromHeader?: boolean;
  /** Makes the worker's clock movable, and begins that far ahead of the machine's: for tests of time. */
  readonly clockOffsetMs?: number;
};

export type Worker = {
  readonly url: string;
  /** Of workerd; another one after workerd crashed and was restarted. */
  readonly pid: number;
  /** Runs the cron handler once. */
  runScheduled(): Promise<void>;
  /** Puts the worker's clock that far ahead of the machine's. @throws where `clockOffsetMs` did not make it movable */
  setClockOffsetMs(offsetMs: number): Promise<void>;
  /** SIGKILL in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Ends workerd; may be called again. */
  stop(): Promise<void>;
};

/** The bundled worker in a real workerd, listening on loopback itself with nothing in between. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const host = options.host ?? "127.0.0.1";
  if (options.port !== undefined && options.port !== 0) await assertPortFree(host, options.port, "API");
  const port = options.port === undefined || options.port === 0 ? await findFreePort(host) : options.port;
  const id = randomUUID();
  tieRuntimeToThisProcess();
  const state = { pid: 0, ended: undefined as Promise<void> | undefined };
  const miniflare = new Miniflare({
    ...runtimeOptions(options, host, port, id),
    unsafeHandleRuntimeRestart: () => {
      state.pid = findRuntime(id);
    },
  });
  try {
    await miniflare.ready;
    state.pid = findRuntime(id);
  } catch (error) {
    await miniflare.dispose().catch(() => undefined);
    throw error;
  }
  const end = () => (state.ended ??= endRuntime(miniflare, () => state.pid));
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    url,
    get pid() {
      return state.pid;
    },
    runScheduled: () => runScheduled(miniflare),
    setClockOffsetMs: async (offsetMs) => {
      const { status } = await fetch(url + CLOCK_PATH, { method: "POST", body: String(offsetMs) });
      if (status !== 204) throw new Error("This worker's clock cannot be moved.");
    },
    kill: () => {
      if (state.ended === undefined) process.kill(state.pid, "SIGKILL");
      return end();
    },
    stop: end,
  };
}

function runtimeOptions(options: WorkerOptions, host: string, port: number, id: string): MiniflareOptions {
  const { assetsFolder, outbound, onLog, persistFolder } = options;
  return {
    name: WORKER_NAME,
    ...moduleOptions(options),
    compatibilityDate: COMPATIBILITY_DATE,
    compatibilityFlags: ["nodejs_compat"],
    bindings: { ...options.bindings },
    hyperdrives: { HYPERDRIVE: options.databaseUrl },
    durableObjects: Object.fromEntries(
      Object.entries(options.durableObjects).map(([name, className]) => [name, { className, useSQLite: true }]),
    ),
    unsafeDirectSockets: [{ host, port }],
    unsafeRuntimeEnv: { [ID_VARIABLE]: id },
    cf: false,
    log: new NoOpLog(),
    logRequests: false,
    // Miniflare checks that nothing is returned.
    handleStructuredLogs: ({ level, message }: WorkerLogEntry) => {
      onLog?.({ level, message });
    },
    // Miniflare's own asset server would slow each start and each request down; what is asked of it, a disk answers too.
    ...(assetsFolder !== undefined && {
      serviceBindings: { ASSETS: { disk: { path: resolve(assetsFolder), writable: false } } },
    }),
    ...(persistFolder === undefined ? {} : { durableObjectsPersist: resolve(persistFolder) }),
    ...(outbound === undefined ? {} : { outboundService: (request: MiniflareRequest) => intercept(request, outbound) }),
  };
}

/** Miniflare has its own Request and Response; a caller sees the platform's. */
async function intercept(
  request: MiniflareRequest,
  outbound: (request: Request) => Promise<Response>,
): Promise<MiniflareResponse> {
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const answer = await outbound(
    new Request(request.url, {
      method: request.method,
      headers: [...request.headers],
      ...(hasBody ? { body: await request.arrayBuffer() } : {}),
    }),
  );
  const body = answer.body === null ? null : await answer.arrayBuffer();
  // The body is decoded by now.
  const headers = [...answer.headers].filter(([name]) => name !== "content-encoding" && name !== "content-length");
  return new MiniflareResponse(body, { status: answer.status, headers });
}

async function runScheduled(miniflare: Miniflare): Promise<void> {
  const worker = await miniflare.getWorker(WORKER_NAME);
  const { outcome } = await worker.scheduled();
  if (outcome !== "ok") throw new Error(`The cron handler ended with "${outcome}".`);
}

async function endRuntime(miniflare: Miniflare, readPid: () => number): Promise<void> {
  await miniflare.dispose();
  for (let poll = 0; poll < EXIT_POLLS && existsSync(`/proc/${readPid()}/cwd`); poll += 1) await sleep(EXIT_POLL_MS);
}

/** Miniflare keeps its child to itself; the child is known by an identifier in its environment. */
function findRuntime(id: string): number {
  const entry = `${ID_VARIABLE}=${id}`;
  const pid = readdirSync("/proc").find((name) => /^\d+$/.test(name) && environmentOf(name).includes(entry));
  if (pid === undefined) throw new Error("workerd is not running.");
  return Number(pid);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

/**
 * workerd would outlive a supervisor that is killed: where there is a parent-death signal, it is started with one.
 * In a session of its own Ctrl-C does not reach it: the supervisor decides when it goes.
 */
function tieRuntimeToThisProcess(): void {
  if (process.env["MINIFLARE_WORKERD_PATH"] !== undefined) return;
  if (spawnSync("setsid", ["setpriv", "--pdeathsig", "KILL", "true"]).status !== 0) return;
  // The runtime's own package resolves the binary for this machine, as Miniflare does.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it ships no types; a wrong shape fails the next start
  const runtime = createRequire(import.meta.resolve("miniflare"))("workerd") as { readonly default: string };
  const folder = join(import.meta.dirname, "..", "node_modules", ".cache", "gasless");
  const script = join(folder, "workerd");
  mkdirSync(folder, { recursive: true });
  // Renamed into place: another process may be starting the same script.
  writeFileSync(
    `${script}.${process.pid}`,
    `#!/bin/sh\nexec setsid setpriv --pdeathsig KILL "${runtime.default}" "$@"\n`,
    {
      mode: 0o755,
    },
  );
  renameSync(`${script}.${process.pid}`, script);
  process.env["MINIFLARE_WORKERD_PATH"] = script;
}

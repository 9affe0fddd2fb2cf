import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProject, type ProjectSeed, type SeededProject } from "@gasless/db/factories";
import type { ApiTarget } from "../api-client.ts";
import { workerBindings } from "../bindings.ts";
import { type HttpProxy, startHttpProxy } from "../faults/http-proxy.ts";
import { startTcpProxy, type TcpProxy } from "../faults/tcp-proxy.ts";
import { findFreePort } from "../ports.ts";
import { cloneDatabase, dropDatabase } from "../postgres/databases.ts";
import { startRedisGateway } from "../redis/gateway.ts";
import { createSecrets, type LocalSecrets } from "../secrets.ts";
import { type SolanaLocalnet, startSolanaLocalnet } from "../solana/server.ts";
import { startWorker, type Worker } from "../worker.ts";
import { Pool } from "pg";

/** The name of the database that stacks are copied from. */
export const TEMPLATE = "gasless_template";
export const NETWORK = "solana:localnet";
export const ORIGIN = "https://dapp.example";

/** A whole deployment of its own: its own database, chain, Redis and workerd; a proxy before each dependency. */
export interface Stack {
  readonly api: string;
  readonly worker: () => Worker;
  readonly database: Pool;
  readonly solana: SolanaLocalnet;
  readonly secrets: LocalSecrets;
  readonly sql: TcpProxy;
  readonly redis: HttpProxy;
  readonly rpc: HttpProxy;
  /** What the worker logged, newest last. */
  readonly log: string[];
  /** A project of its own for each test; `name` makes the ids. */
  createProject(seed?: Partial<ProjectSeed>): Promise<ApiTarget & SeededProject>;
  callRpc<Result = unknown>(method: string, params: readonly unknown[]): Promise<Result>;
  balanceOf(address: string): Promise<bigint>;
  airdrop(address: string, lamports: bigint): Promise<void>;
  /** SIGKILL to workerd, then a new one on the same address. */
  restartAfterKill(whileDead?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface StackOptions {
  /** A running PostgreSQL, and a migrated database in it to copy. */
  readonly postgresUrl: string;
  readonly template: string;
  /** Milliseconds per slot; finality comes `finalityDepth` slots later. */
  readonly slotMs?: number;
  readonly finalityDepth?: number;
  readonly bindings?: Readonly<Record<string, string>>;
  readonly sponsorLamports?: bigint;
}

let projects = 0;

export async function startStack(options: StackOptions): Promise<Stack> {
  const { postgresUrl, template, slotMs = 50, finalityDepth = 8, sponsorLamports = 10_000_000_000n } = options;
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const secrets = await createSecrets();
  const folder = mkdtempSync(join(tmpdir(), "gasless-stack-"));
  const databaseUrl = await cloneDatabase(postgresUrl, template, name);
  const database = new Pool({ connectionString: databaseUrl, max: 4 });
  // The database is dropped by force while a client may still be saying goodbye: that is no error of a test.
  database.on("error", () => undefined).on("connect", (client) => client.on("error", () => undefined));
  const gateway = await startRedisGateway({ token: secrets.redisToken });
  const solana = await startSolanaLocalnet({ slotMs, finalityDepth });
  const { hostname, port: sqlPort } = new URL(databaseUrl);
  const sql = await startTcpProxy({ targetHost: hostname, targetPort: Number(sqlPort) });
  const redis = await startHttpProxy({ targetUrl: gateway.url });
  const rpc = await startHttpProxy({ targetUrl: solana.httpUrl });
  const proxied = new URL(databaseUrl);
  proxied.port = String(sql.port);

  const port = await findFreePort("127.0.0.1");
  const api = `http://127.0.0.1:${port}`;
  const log: string[] = [];
  const addresses = { api, solanaRpc: rpc.url, genesisHash: solana.genesisHash, redis: redis.url };
  const start = (): Promise<Worker> =>
    startWorker({
      scriptPath: "bff/dist/worker.js",
      port,
      bindings: { ...workerBindings(addresses, secrets), ...options.bindings },
      databaseUrl: proxied.href,
      durableObjects: { SWEEP_CLOCK: "SweepClock" },
      persistFolder: join(folder, "durable-objects"),
      addressFromHeader: true,
      onLog: ({ message }) => void log.push(message),
    });
  let worker = await start();

  const callRpc = async <Result>(method: string, params: readonly unknown[]): Promise<Result> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { "content-type": "application/json" };
    const response = await fetch(solana.httpUrl, { method: "POST", headers, body });
    return ((await response.json()) as { result: Result }).result;
  };
  const airdrop = async (address: string, lamports: bigint): Promise<void> => {
    await callRpc("requestAirdrop", [address, Number(lamports)]);
  };
  if (sponsorLamports > 0n) await airdrop(secrets.sponsorAddress, sponsorLamports);

  return {
    api,
    worker: () => worker,
    database,
    solana,
    secrets,
    sql,
    redis,
    rpc,
    log,
    async createProject(seed = {}) {
      projects += 1;
      const publishableKey = `pk_test_${crypto.randomUUID().replaceAll("-", "")}`;
      const seeded = await createProject(database, {
        name: `Project ${projects} of ${name.slice(-6)}`,
        publishableKey,
        origins: [ORIGIN],
        network: NETWORK,
        sponsorAddress: secrets.sponsorAddress,
        ...seed,
      });
      return {
        api,
        origin: ORIGIN,
        network: NETWORK,
        publishableKey: seed.publishableKey ?? publishableKey,
        ...seeded,
      };
    },
    callRpc,
    async balanceOf(address) {
      const { value } = await callRpc<{ value: number }>("getBalance", [address, { commitment: "processed" }]);
      return BigInt(value);
    },
    airdrop,
    async restartAfterKill(whileDead) {
      await worker.kill();
      await whileDead?.();
      worker = await start();
    },
    async close() {
      await worker.stop();
      await Promise.all([sql.close(), redis.close(), rpc.close()]);
      await Promise.all([solana.close(), gateway.close(), database.end()]);
      await dropDatabase(postgresUrl, name);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  algorandDemoLimits,
  algorandDemoPolicy,
  createProject,
  type ProjectSeed,
  type SeededProject,
} from "@gasless/db/factories";
import type { ApiTarget } from "../api-client.ts";
import { workerBindings } from "../bindings.ts";
import { type HttpProxy, startHttpProxy } from "../faults/http-proxy.ts";
import { startTcpProxy, type TcpProxy } from "../faults/tcp-proxy.ts";
import { findFreePort } from "../ports.ts";
import { cloneDatabase, dropDatabase } from "../postgres/databases.ts";
import { startRedisGateway } from "../redis/gateway.ts";
import { createSecrets, type LocalSecrets } from "../secrets.ts";
import { type SolanaLocalnet, startSolanaLocalnet } from "../solana/server.ts";
import { type AlgorandLocalnet, startAlgorandLocalnet } from "../algorand/server.ts";
import { type AlgorandWallet, createAlgorandWallet } from "../algorand-client.ts";
import { createWallet } from "../wallet.ts";
import { startWorker, type Worker } from "../worker.ts";
import { Pool } from "pg";

/** The name of the database that stacks are copied from. */
export const TEMPLATE = "gasless_template";
export const NETWORK = "solana:localnet";
export const ORIGIN = "https://dapp.example";

/** Who pays, and the key of it that the worker has: 32 bytes, base64. */
export interface Sponsor {
  readonly address: string;
  readonly seed: string;
}

/** A whole deployment of its own: its own database, chain, Redis and workerd; a proxy before each dependency. */
export interface Stack {
  readonly api: string;
  readonly worker: () => Worker;
  readonly database: Pool;
  readonly solana: SolanaLocalnet;
  /** Its own sponsor and proxies; where the options asked for it. */
  readonly algorand: AlgorandSide | undefined;
  readonly secrets: LocalSecrets;
  /** The first is that of `secrets`. */
  readonly sponsors: readonly Sponsor[];
  readonly sql: TcpProxy;
  readonly redis: HttpProxy;
  readonly rpc: HttpProxy;
  /** One before each provider; `rpc` is the first. */
  readonly rpcs: readonly HttpProxy[];
  /** Every secret of the deployment, as text: none may ever be in a log. */
  readonly hidden: readonly string[];
  /** What the worker logged, newest last. */
  readonly log: string[];
  /** A project of its own for each test; `name` makes the ids. */
  createProject(seed?: Partial<ProjectSeed>): Promise<ApiTarget & SeededProject>;
  callRpc<Result = unknown>(method: string, params: readonly unknown[]): Promise<Result>;
  balanceOf(address: string): Promise<bigint>;
  airdrop(address: string, lamports: bigint): Promise<void>;
  /** SIGKILL to workerd, then a new one on the same address. */
  restartAfterKill(whileDead?: () => Promise<void>): Promise<void>;
  /**
   * A roll of the deployment: a worker with these variables otherwise, on an address of its own, beside the one that was
   * there; when `whileBoth` has ended it is the only one. Tokens are still issued in the name of `api`.
   */
  rollTo(changed: Readonly<Record<string, string>>, whileBoth: (former: Worker) => Promise<void>): Promise<void>;
  /**
   * Puts the worker's clock that far ahead of everybody else's, at once and after restarts; needs `hasMovableClock`.
   * What SQL compares with now() does not move along: who needs that moves rows.
   */
  moveClock(offsetMs: number): Promise<void>;
  close(): Promise<void>;
}

/** The Algorand network of a deployment. */
export interface AlgorandSide {
  readonly localnet: AlgorandLocalnet;
  readonly sponsor: AlgorandWallet;
  /** One before each provider. */
  readonly algods: readonly HttpProxy[];
  /** A project on this network. */
  createProject(seed?: Partial<ProjectSeed>): Promise<ApiTarget & SeededProject>;
}

export const ALGORAND_NETWORK = "algorand:localnet";

export interface StackOptions {
  /** A running PostgreSQL, and a migrated database in it to copy. */
  readonly postgresUrl: string;
  readonly template: string;
  /** Milliseconds per slot; finality comes `finalityDepth` slots later. */
  readonly slotMs?: number;
  readonly finalityDepth?: number;
  readonly bindings?: Readonly<Record<string, string>>;
  /** What each sponsor is given. */
  readonly sponsorLamports?: bigint;
  /** How many sponsors the worker has keys of; one when absent. */
  readonly sponsors?: number;
  /** The weights of the chain's providers; one provider when absent. */
  readonly providerWeights?: readonly number[];
  readonly hasMovableClock?: boolean;
  /** Serves `algorand:localnet` too: milliseconds per round (0: only ticks), and how many providers it has. */
  readonly algorand?: { readonly roundMs?: number; readonly providers?: number };
}

async function createSponsors(count: number, secrets: LocalSecrets): Promise<readonly Sponsor[]> {
  const more = Array.from({ length: count - 1 }, async () => {
    const seed = randomBytes(32);
    return { address: (await createWallet(seed)).address, seed: seed.toString("base64") };
  });
  return [{ address: secrets.sponsorAddress, seed: secrets.sponsorSeed }, ...(await Promise.all(more))];
}

function listHidden(secrets: LocalSecrets, sponsors: readonly Sponsor[], databaseUrl: string): readonly string[] {
  const { secret, tokenKeys, redisToken, faucetSeed, metricsToken } = secrets;
  const seeds = sponsors.map(({ seed }) => seed);
  const password = decodeURIComponent(new URL(databaseUrl).password);
  return [secret, ...tokenKeys.map(({ d }) => String(d)), ...seeds, redisToken, faucetSeed, metricsToken, password];
}

let projects = 0;

/** 1,000 ALGO for the sponsor. */
const SPONSOR_MICROALGOS = 1_000_000_000n;

async function startAlgorand({ roundMs = 50, providers = 1 }: NonNullable<StackOptions["algorand"]>) {
  const localnet = await startAlgorandLocalnet({ roundMs });
  const sponsor = createAlgorandWallet();
  localnet.chain.fund(sponsor.address, SPONSOR_MICROALGOS);
  const starting = Array.from({ length: providers }, () => startHttpProxy({ targetUrl: localnet.url }));
  const algods = await Promise.all(starting);
  const algod = algods.map(({ url }, index) => ({ name: `algod-${index + 1}`, url }));
  return { localnet, sponsor, algods, addresses: { algod, genesisHash: localnet.genesisHash, sponsor } };
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const { postgresUrl, template, slotMs = 50, finalityDepth = 8, sponsorLamports = 10_000_000_000n } = options;
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const secrets = await createSecrets();
  const sponsors = await createSponsors(options.sponsors ?? 1, secrets);
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
  const algorand = options.algorand && (await startAlgorand(options.algorand));
  const rpc = await startHttpProxy({ targetUrl: solana.httpUrl });
  const weights = options.providerWeights ?? [1];
  const others = weights.slice(1).map(() => startHttpProxy({ targetUrl: solana.httpUrl }));
  const rpcs = [rpc, ...(await Promise.all(others))];
  // As with a real provider, the key to it is in its URL.
  const providerKey = randomBytes(18).toString("base64url");
  const providers = rpcs.map(({ url }, index) => ({
    name: index === 0 ? "localnet" : `localnet-${index + 1}`,
    url: `${url}/${providerKey}`,
    weight: weights[index] ?? 1,
  }));
  const proxied = new URL(databaseUrl);
  proxied.port = String(sql.port);

  const port = await findFreePort("127.0.0.1");
  const api = `http://127.0.0.1:${port}`;
  const log: string[] = [];
  let clockOffsetMs = 0;
  const addresses = {
    api,
    solanaRpc: providers,
    genesisHash: solana.genesisHash,
    algorand: algorand?.addresses,
    redis: redis.url,
  };
  const keyed = algorand ? [...sponsors, algorand.sponsor] : sponsors;
  const sponsorKeys = JSON.stringify(Object.fromEntries(keyed.map(({ address, seed }) => [address, seed])));
  let bindings = { ...workerBindings(addresses, secrets), SPONSOR_KEYS: sponsorKeys, ...options.bindings };
  const start = (workerPort = port): Promise<Worker> =>
    startWorker({
      scriptPath: "bff/dist/worker.js",
      assetsFolder: "bff/dist/assets",
      port: workerPort,
      bindings,
      databaseUrl: proxied.href,
      durableObjects: { SWEEP_CLOCK: "SweepClock", METRICS_SINK: "MetricsSink" },
      // Two cannot have the same files open.
      persistFolder: join(folder, `durable-objects-${workerPort}`),
      addressFromHeader: true,
      ...(options.hasMovableClock === true && { clockOffsetMs }),
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
  for (const { address } of sponsorLamports > 0n ? sponsors : []) await airdrop(address, sponsorLamports);
  solana.chain.finalize();

  const makeProject = async (seed: Partial<ProjectSeed>): Promise<ApiTarget & SeededProject> => {
    projects += 1;
    const made = {
      name: `Project ${projects} of ${name.slice(-6)}`,
      publishableKey: `pk_test_${crypto.randomUUID().replaceAll("-", "")}`,
      origins: [ORIGIN],
      network: NETWORK,
      sponsorAddress: secrets.sponsorAddress,
      ...seed,
    };
    const seeded = await createProject(database, made);
    return { api, origin: ORIGIN, network: made.network, publishableKey: made.publishableKey, ...seeded };
  };

  return {
    api,
    worker: () => worker,
    database,
    solana,
    algorand: algorand && {
      ...algorand,
      createProject: (seed = {}) =>
        makeProject({
          network: ALGORAND_NETWORK,
          sponsorAddress: algorand.sponsor.address,
          policy: algorandDemoPolicy(),
          limits: algorandDemoLimits,
          ...seed,
        }),
    },
    secrets,
    sponsors,
    sql,
    redis,
    rpc,
    rpcs,
    hidden: [...listHidden(secrets, keyed, databaseUrl), providerKey],
    log,
    createProject: (seed = {}) => makeProject(seed),
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
    async moveClock(offsetMs) {
      await worker.setClockOffsetMs(offsetMs);
      clockOffsetMs = offsetMs;
    },
    async rollTo(changed, whileBoth) {
      const former = worker;
      bindings = { ...bindings, ...changed };
      worker = await start(await findFreePort("127.0.0.1"));
      try {
        await whileBoth(former);
      } finally {
        await former.stop();
      }
    },
    async close() {
      await worker.stop();
      await Promise.all([sql, redis, ...rpcs, ...(algorand?.algods ?? [])].map((proxy) => proxy.close()));
      await Promise.all([solana.close(), algorand?.localnet.close(), gateway.close(), database.end()]);
      await dropDatabase(postgresUrl, name);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

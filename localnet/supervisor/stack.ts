import { setTimeout as sleep } from "node:timers/promises";
import { address } from "@solana/kit";
import { workerBindings } from "../bindings.ts";
import { createTokenFaucet } from "../demo/faucet.ts";
import { startDemoSite } from "../demo/server.ts";
import { startRedisGateway, type RedisGateway } from "../redis/gateway.ts";
import { keepSecrets, type LocalSecrets } from "../secrets.ts";
import { startSolanaLocalnet, type SolanaLocalnet } from "../solana/server.ts";
import { topUp } from "../top-up.ts";
import { startWorker } from "../worker.ts";
import { type AlgorandPart, openAlgorand } from "./algorand.ts";
import type { Cleanup } from "./cleanup.ts";
import { claimDataFolder, type DataFolder } from "./data-folder.ts";
import { offerClaim, openDatabase } from "./database.ts";
import { NETWORK } from "./demo-project.ts";
import { localUrl, planPorts, type PortPlan } from "./port-plan.ts";
import type { Settings } from "./settings.ts";
import { keepSweeping } from "./sweep-timer.ts";
import { ASSETS, BUNDLE, ensureBundle } from "./worker-bundle.ts";
import { tellOperator } from "./operator-file.ts";
import { openWorkerLog } from "./worker-log.ts";

/** A running stack, as its users see it. */
export interface Stack {
  readonly api: string;
  /** The demo page. */
  readonly demo: string;
  readonly solanaRpc: string;
  readonly solanaWebsocket: string;
  readonly algod: string;
  /** Of WalletConnect, where a page and Pera meet. */
  readonly walletBridge: string;
  /** The demo page's address, on the demo project's list. */
  readonly origin: string;
  /** Those of the developer's own pages, on that list as well. */
  readonly developerOrigins: readonly string[];
  readonly publishableKey: string;
  readonly sponsorAddress: string;
  /** Opens the API's metrics. */
  readonly metricsToken: string;
  /** Makes the first owner of the dashboard; undefined when there is one. */
  readonly claimCode: string | undefined;
  readonly data: DataFolder;
}

/** What a start needs from who started it. */
export interface StartContext {
  readonly cleanup: Cleanup;
  /** Aborted when the stack is to stop, even before it is complete. */
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
}

const READY_POLL_MS = 100;
const READY_DEADLINE_MS = 15_000;

/** Starts everything around the worker, the worker, and its demo page; `cleanup` stops what was started, however far it got. */
export async function startStack(
  settings: Settings,
  developerOrigins: readonly string[],
  context: StartContext,
): Promise<Stack> {
  const { cleanup, signal, warn } = context;
  const data = await claimDataFolder(settings.dataFolder, cleanup);
  const ports = await planPorts(settings.host, settings.port);
  const secrets = await keepSecrets(data.path);
  const api = localUrl(settings.host, ports.api);
  const origin = localUrl(settings.host, ports.demo);
  const solanaRpc = localUrl(settings.host, ports.solanaRpc);
  signal.throwIfAborted();

  const [, databaseUrl, redis, solana, algorand] = await all([
    ensureBundle(signal),
    openDatabase(
      {
        databaseUrl: settings.databaseUrl,
        postgresFolder: data.postgres,
        // The API's own pages, such as its documentation, may call it too.
        seed: { origins: [...new Set([origin, api, ...developerOrigins])], secrets },
      },
      cleanup,
    ),
    openRedis(secrets.redisToken, settings.redisUrl, cleanup),
    openSolana(settings.host, ports, data, solanaRpc, secrets.sponsorAddress, cleanup),
    openAlgorand(
      { host: settings.host, ports, snapshotFile: data.algorandSnapshot, sponsor: secrets.algorandSponsor },
      cleanup,
    ),
  ]);
  signal.throwIfAborted();

  const addresses = {
    api,
    solanaRpc,
    genesisHash: solana.genesisHash,
    algorand: {
      algod: algorand.algodUrl,
      genesisHash: algorand.genesisHash,
      sponsor: algorand.sponsor,
      bridge: algorand.demo.bridgeUrl,
    },
    redis: redis.url,
  };
  const bindings = workerBindings(addresses, secrets);
  tellOperator(data.path, { databaseUrl, variables: bindings }, cleanup);
  const worker = await startWorker({
    scriptPath: BUNDLE,
    assetsFolder: ASSETS,
    host: settings.host,
    port: ports.api,
    bindings,
    databaseUrl,
    durableObjects: { SWEEP_CLOCK: "SweepClock", METRICS_SINK: "MetricsSink" },
    persistFolder: data.worker,
    onLog: openWorkerLog(data.workerLog, cleanup, warn),
  });
  cleanup.add("the worker", () => worker.stop());
  // First: what has been stopped for a while is not ready until somebody looks after its relays again.
  await keepSweeping(worker, cleanup, warn);
  await waitUntilReady(api, data.workerLog, signal);
  signal.throwIfAborted();
  const claimCode = await offerClaim(databaseUrl);
  const demo = await openDemo(settings.host, ports, { origin, api, rpcUrl: solanaRpc }, algorand, secrets, cleanup);
  return {
    api,
    demo,
    solanaRpc,
    solanaWebsocket: localUrl(settings.host, ports.solanaWebsocket, "ws"),
    algod: algorand.algodUrl,
    walletBridge: algorand.demo.bridgeUrl,
    origin,
    developerOrigins,
    publishableKey: secrets.publishableKey,
    sponsorAddress: secrets.sponsorAddress,
    metricsToken: secrets.metricsToken,
    claimCode,
    data,
  };
}

/** Like Promise.all, but a failure waits for the others: only what has started can be stopped. */
async function all<const Values extends readonly unknown[]>(steps: {
  readonly [Index in keyof Values]: Promise<Values[Index]>;
}): Promise<Values> {
  await Promise.allSettled(steps);
  return Promise.all(steps);
}

async function openRedis(token: string, redisUrl: string | undefined, cleanup: Cleanup): Promise<RedisGateway> {
  const gateway = await startRedisGateway({ token, ...(redisUrl === undefined ? {} : { redisUrl }) });
  cleanup.add("the Redis gateway", () => gateway.close());
  return gateway;
}

async function openSolana(
  host: string,
  ports: PortPlan,
  data: DataFolder,
  rpcUrl: string,
  sponsorAddress: string,
  cleanup: Cleanup,
): Promise<SolanaLocalnet> {
  const localnet = await startSolanaLocalnet({
    host,
    port: ports.solanaRpc,
    websocketPort: ports.solanaWebsocket,
    snapshotFile: data.solanaSnapshot,
  });
  cleanup.add("the Solana localnet", () => localnet.close());
  await topUp(rpcUrl, address(sponsorAddress));
  // So that the sponsor's finalized balance is there when the worker first asks for it.
  localnet.chain.finalize();
  return localnet;
}

async function openDemo(
  host: string,
  ports: PortPlan,
  urls: { readonly origin: string; readonly api: string; readonly rpcUrl: string },
  { demo: algorand }: AlgorandPart,
  { faucetSeed, publishableKey }: LocalSecrets,
  cleanup: Cleanup,
): Promise<string> {
  const faucet = createTokenFaucet({ rpcUrl: urls.rpcUrl, seed: Buffer.from(faucetSeed, "base64") });
  const site = await startDemoSite({
    host,
    port: ports.demo,
    ...urls,
    network: NETWORK,
    publishableKey,
    faucet,
    algorand,
  });
  cleanup.add("the demo page", () => site.close());
  return site.url;
}

/** Ready means what it means in production: the worker itself reached everything that it depends on. */
async function waitUntilReady(api: string, logFile: string, signal: AbortSignal): Promise<void> {
  const deadlineAtMs = Date.now() + READY_DEADLINE_MS;
  let last = "no answer";
  while (Date.now() < deadlineAtMs) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(READY_DEADLINE_MS)]);
    try {
      const answer = await fetch(`${api}/ready`, { signal: limit });
      last = await answer.text();
      if (answer.ok) return;
    } catch (error) {
      last = String(error);
    }
    await sleep(READY_POLL_MS, undefined, { signal });
  }
  throw new Error(`the worker did not become ready: ${last}\nIts log: ${logFile}`);
}

import { createAlertWebhook } from "./adapters/alerts/webhook.ts";
import { type AssetServer, createAssets } from "./adapters/assets.ts";
import { createChain, publicKeyOf, walletSourcesOf } from "./adapters/chains/families.ts";
import { policyDeskOf } from "./adapters/chains/policy-desks.ts";
import { createRandom } from "./adapters/ids.ts";
import { createProjectCache } from "./adapters/project-cache.ts";
import { createLimiter } from "./adapters/redis/limiter.ts";
import { createSecrets } from "./adapters/secrets.ts";
import { createWebCryptoSigner } from "./adapters/signers/web-crypto.ts";
import { createAuditQueries } from "./adapters/sql/audit.ts";
import { createDatabase } from "./adapters/sql/database.ts";
import { createAccessQueries } from "./adapters/sql/manage/access.ts";
import { createJobQueue } from "./adapters/sql/manage/job-queue.ts";
import { createManageStore } from "./adapters/sql/manage/store.ts";
import { createUsageQueries } from "./adapters/sql/manage/usage.ts";
import { createProjectQueries } from "./adapters/sql/projects.ts";
import { createRelayQueries } from "./adapters/sql/relays.ts";
import { createSessionQueries } from "./adapters/sql/sessions.ts";
import { createWatchQueries } from "./adapters/sql/watch.ts";
import { createLog } from "./adapters/telemetry/log.ts";
import { createMetrics, createMetricsBuffer, type MetricsSink } from "./adapters/telemetry/metrics.ts";
import { createAccessTokens } from "./adapters/tokens/access-tokens.ts";
import { createDpopProofs } from "./adapters/tokens/dpop-proofs.ts";
import { createReadiness } from "./services/status/check-readiness.ts";
import type { Config } from "./config.ts";
import type { AlertPort, Clock, Ports } from "./ports.ts";

const clock: Clock = {
  nowMs: () => Date.now(),
  format: (epochMs) => new Date(epochMs).toISOString(),
  sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
};

/** What an isolate may keep from one request to the next: keys and expiring values, no connection and no promise. */
export type Isolate = Awaited<ReturnType<typeof createIsolate>>;

export async function createIsolate(config: Config) {
  const random = createRandom(clock.nowMs);
  const log = createLog();
  const metrics = createMetricsBuffer({ ...clock, log });
  return {
    config,
    clock,
    random,
    log,
    metrics,
    alerts: createAlerts(config),
    secrets: createSecrets(config.secrets),
    signers: createWebCryptoSigner(config.sponsorSeeds, publicKeyOf),
    possession: createDpopProofs(config.api),
    tokens: await createAccessTokens(config.api, config.tokenKeys, () => random.uuid()),
    projects: createProjectCache(clock.nowMs),
    checkReadiness: createReadiness(),
    networks: new Map(
      Array.from(config.networks, ([network, settings]) => [
        network,
        createChain({
          ...settings,
          network,
          nowMs: clock.nowMs,
          randomUnit: () => new DataView(random.bytes(4).buffer).getUint32(0) / 2 ** 32,
          metrics,
        }),
      ]),
    ),
    limiter: createLimiter({
      ...config.redis,
      nowMs: clock.nowMs,
      onDegraded(cause) {
        metrics.count("gasless_limiter_degraded_total", {});
        log.warn("limiter.degraded", { cause });
      },
    }),
  };
}

/** Without a receiver the log is where alerts are told. */
function createAlerts({ alertWebhook }: Config): AlertPort {
  return alertWebhook ? createAlertWebhook({ ...alertWebhook, nowMs: clock.nowMs }) : { send: async () => undefined };
}

/** What belongs to one request. */
export interface RequestBindings {
  readonly databaseUrl: string;
  readonly assets: AssetServer;
  readonly metricsSink: MetricsSink;
  readonly background: Ports["background"];
  readonly wake: Ports["wake"];
}

/** The ports of one request, and how to give back what it opened and hand on what it counted. */
export function createPorts(isolate: Isolate, bindings: RequestBindings): { ports: Ports; close: () => Promise<void> } {
  const { config, networks, metrics, ...kept } = isolate;
  const database = createDatabase(bindings.databaseUrl);
  const ports: Ports = {
    ...kept,
    api: config.api,
    hash: {
      sha256: async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data.slice())),
    },
    store: {
      ...createProjectQueries(database),
      ...createSessionQueries(database),
      ...createRelayQueries(database),
    },
    watch: createWatchQueries(database),
    audit: createAuditQueries(database),
    jobs: createJobQueue(database),
    usage: createUsageQueries(database),
    access: createAccessQueries(database),
    manage: (actor) => createManageStore(database, actor),
    networks: [...networks.keys()],
    wallets: {
      sources: walletSourcesOf([...networks.keys()], config.peraBridge),
      peraBridge: config.peraBridge?.href,
    },
    metrics: createMetrics(metrics, bindings.metricsSink, config.metricsToken),
    chains: (network) => networks.get(network),
    desks: policyDeskOf,
    assets: createAssets(bindings.assets),
    background: bindings.background,
    wake: bindings.wake,
  };
  const close = async (): Promise<void> => {
    await Promise.all([database.close(), metrics.flush(bindings.metricsSink)]);
  };
  return { ports, close };
}

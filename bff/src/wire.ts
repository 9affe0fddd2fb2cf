import { createSolanaChain } from "./adapters/chains/solana/chain.ts";
import { createRandom } from "./adapters/ids.ts";
import { createProjectCache } from "./adapters/project-cache.ts";
import { createLimiter } from "./adapters/redis/limiter.ts";
import { createSecrets } from "./adapters/secrets.ts";
import { createWebCryptoSigner } from "./adapters/signers/web-crypto.ts";
import { createDatabase } from "./adapters/sql/database.ts";
import { createProjectQueries } from "./adapters/sql/projects.ts";
import { createRelayQueries } from "./adapters/sql/relays.ts";
import { createSessionQueries } from "./adapters/sql/sessions.ts";
import { createLog } from "./adapters/telemetry/log.ts";
import { createAccessTokens } from "./adapters/tokens/access-tokens.ts";
import { createReadiness } from "./services/status/check-readiness.ts";
import type { Config } from "./config.ts";
import type { Clock, Ports } from "./ports.ts";

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
  return {
    config,
    clock,
    random,
    log,
    secrets: createSecrets(config.secrets),
    signers: createWebCryptoSigner(config.sponsorSeeds),
    tokens: await createAccessTokens(config.api, config.tokenKeys, () => random.uuid()),
    projects: createProjectCache(clock.nowMs),
    checkReadiness: createReadiness(),
    networks: new Map(
      Array.from(config.networks, ([network, settings]) => [
        network,
        createSolanaChain({ ...settings, nowMs: clock.nowMs }),
      ]),
    ),
    limiter: createLimiter({
      ...config.redis,
      nowMs: clock.nowMs,
      onDegraded: (cause) => log.warn("limiter.degraded", { cause }),
    }),
  };
}

/** What belongs to one request. */
export interface RequestBindings {
  readonly databaseUrl: string;
  readonly background: Ports["background"];
  readonly wake: Ports["wake"];
}

/** The ports of one request, and how to give back what it opened. */
export function createPorts(isolate: Isolate, bindings: RequestBindings): { ports: Ports; close: () => Promise<void> } {
  const { config, networks, ...kept } = isolate;
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
    chains: (network) => networks.get(network),
    background: bindings.background,
    wake: bindings.wake,
  };
  return { ports, close: () => database.close() };
}

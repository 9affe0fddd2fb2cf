import type { LocalSecrets } from "./secrets.ts";

export interface DeploymentAddresses {
  readonly api: string;
  /** One node, or several providers. */
  readonly solanaRpc: string | readonly { readonly name: string; readonly url: string; readonly weight?: number }[];
  readonly genesisHash: string;
  readonly redis: string;
}

/** The variables of a worker on this machine. Their meaning stands in bff/src/config.ts. */
export function workerBindings(addresses: DeploymentAddresses, secrets: LocalSecrets): Record<string, string> {
  const { api, solanaRpc, genesisHash, redis } = addresses;
  const providers = typeof solanaRpc === "string" ? [{ name: "localnet", url: solanaRpc }] : solanaRpc;
  return {
    API_URL: api,
    NETWORKS: JSON.stringify({ "solana:localnet": { providers, genesisHash } }),
    SECRETS: JSON.stringify({ k1: secrets.secret }),
    TOKEN_KEYS: JSON.stringify(secrets.tokenKeys),
    SPONSOR_KEYS: JSON.stringify({ [secrets.sponsorAddress]: secrets.sponsorSeed }),
    UPSTASH_REDIS_REST_URL: redis,
    UPSTASH_REDIS_REST_TOKEN: secrets.redisToken,
    METRICS_TOKEN: secrets.metricsToken,
  };
}

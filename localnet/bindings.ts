import type { LocalSecrets } from "./secrets.ts";

export interface DeploymentAddresses {
  readonly api: string;
  readonly solanaRpc: string;
  readonly genesisHash: string;
  readonly redis: string;
}

/** The variables of a worker on this machine. Their meaning stands in bff/src/config.ts. */
export function workerBindings(addresses: DeploymentAddresses, secrets: LocalSecrets): Record<string, string> {
  const { api, solanaRpc, genesisHash, redis } = addresses;
  return {
    API_URL: api,
    NETWORKS: JSON.stringify({ "solana:localnet": { rpcUrl: solanaRpc, genesisHash } }),
    SECRETS: JSON.stringify({ k1: secrets.secret }),
    TOKEN_KEYS: JSON.stringify([secrets.tokenKey]),
    SPONSOR_KEYS: JSON.stringify({ [secrets.sponsorAddress]: secrets.sponsorSeed }),
    UPSTASH_REDIS_REST_URL: redis,
    UPSTASH_REDIS_REST_TOKEN: secrets.redisToken,
  };
}

import type { LocalSecrets } from "./secrets.ts";

export interface Provider {
  readonly name: string;
  readonly url: string;
  readonly weight?: number;
}

export interface DeploymentAddresses {
  readonly api: string;
  /** One node, or several providers. */
  readonly solanaRpc: string | readonly Provider[];
  readonly genesisHash: string;
  /** A second network, with its sponsor: seed of 32 bytes in base64. */
  readonly algorand?:
    | {
        readonly algod: string | readonly Provider[];
        readonly genesisHash: string;
        readonly sponsor: { readonly address: string; readonly seed: string };
        /** Where the dashboard meets Pera; without it at Pera's own. */
        readonly bridge?: string;
      }
    | undefined;
  readonly redis: string;
}

const providersOf = (nodes: string | readonly Provider[]): readonly Provider[] =>
  typeof nodes === "string" ? [{ name: "localnet", url: nodes }] : nodes;

/** The variables of a worker on this machine. Their meaning stands in bff/src/config.ts. */
export function workerBindings(addresses: DeploymentAddresses, secrets: LocalSecrets): Record<string, string> {
  const { api, solanaRpc, genesisHash, algorand, redis } = addresses;
  const networks = {
    "solana:localnet": { providers: providersOf(solanaRpc), genesisHash },
    ...(algorand && {
      "algorand:localnet": { providers: providersOf(algorand.algod), genesisHash: algorand.genesisHash },
    }),
  };
  return {
    API_URL: api,
    NETWORKS: JSON.stringify(networks),
    SECRETS: JSON.stringify({ k1: secrets.secret }),
    TOKEN_KEYS: JSON.stringify(secrets.tokenKeys),
    SPONSOR_KEYS: JSON.stringify({
      [secrets.sponsorAddress]: secrets.sponsorSeed,
      ...(algorand && { [algorand.sponsor.address]: algorand.sponsor.seed }),
    }),
    UPSTASH_REDIS_REST_URL: redis,
    UPSTASH_REDIS_REST_TOKEN: secrets.redisToken,
    METRICS_TOKEN: secrets.metricsToken,
    ...(algorand?.bridge !== undefined && { PERA_BRIDGE: algorand.bridge }),
  };
}

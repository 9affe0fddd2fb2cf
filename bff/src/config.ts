import { base64 } from "@scure/base";
import * as z from "zod";
import { NetworkName } from "./contract/index.ts";
import { familyOf, GENESIS_HASHES, SERVED_FAMILIES } from "./domain/network.ts";
import { describeUnsafeUrl } from "./domain/public-url.ts";
import { TOKEN_KEY_STATES } from "./domain/token-keys.ts";

const KEY_BYTES = 32;

function decodeKey(text: string): Uint8Array | undefined {
  try {
    const bytes = base64.decode(text);
    return bytes.length === KEY_BYTES ? bytes : undefined;
  } catch {
    return undefined;
  }
}

const Json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "must be JSON" });
    return z.NEVER;
  }
});

const Key = z.string().transform((text, context) => {
  const bytes = decodeKey(text);
  if (bytes) return bytes;
  context.addIssue({ code: "custom", message: "must be 32 bytes in base64" });
  return z.NEVER;
});

const haveTheirOwn = (seeds: Readonly<Record<string, Uint8Array>>): boolean => {
  const texts = Object.values(seeds).map((seed) => base64.encode(seed));
  return new Set(texts).size === texts.length;
};

const MAX_TOKEN_KEYS = 8;
const KEY_PART = z.string().regex(/^[A-Za-z0-9_-]{43}$/, "must be 32 bytes in base64url");

const TokenKey = z.strictObject({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: KEY_PART,
  y: KEY_PART,
  d: KEY_PART,
  state: z.enum(TOKEN_KEY_STATES),
  since: z.iso.datetime(),
});

/** The keys of access tokens: what they do by their state stands in domain/token-keys.ts. */
export const TokenKeys = Json.pipe(
  z
    .array(TokenKey)
    .min(1)
    .max(MAX_TOKEN_KEYS)
    .refine((keys) => keys.filter(({ state }) => state === "active").length === 1, {
      error: "exactly one key must be active",
    })
    .refine((keys) => new Set(keys.map(({ x }) => x)).size === keys.length, { error: "each key must be there once" }),
);
export type TokenKeys = z.infer<typeof TokenKeys>;

const HttpUrl = z
  .string()
  .regex(/^https?:\/\/[^\s?#]+$/, "must be an http or https URL")
  .transform((url) => url.replace(/\/+$/, ""));

const MAX_PROVIDERS = 8;
const MAX_WEIGHT = 100;

/** The name stands in logs and metrics, the URL never: it may hold an API key. */
const Provider = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,32}$/, "must be 1 to 32 of a-z, 0-9 and -"),
  url: z.string().refine((url) => URL.canParse(url), "must be a URL"),
  weight: z.int().min(1).max(MAX_WEIGHT).default(1),
  /** Of an algod node, for `X-Algo-API-Token`. */
  apiToken: z.string().min(1).max(256).optional(),
});

const Network = z.strictObject({
  providers: z
    .array(Provider)
    .min(1)
    .max(MAX_PROVIDERS)
    .refine((providers) => new Set(providers.map(({ name }) => name)).size === providers.length, {
      error: "each provider needs a name of its own",
    }),
  genesisHash: z.string().optional(),
});

/** Every variable, in the order in which a deployment meets them. */
const Variables = z.object({
  /** The BFF's own address as its users see it; issuer of tokens. */
  API_URL: HttpUrl,
  /** JSON: network → `{providers: [{name, url, weight?}], genesisHash?}`. A localnet needs its genesis hash; the public ones have theirs. */
  NETWORKS: Json.pipe(z.record(NetworkName, Network)),
  /** JSON: key id → 32 bytes in base64. The first makes new challenges and refresh tokens, all verify. */
  SECRETS: Json.pipe(z.record(z.string().regex(/^[A-Za-z0-9_-]{1,32}$/), Key)),
  /** JSON: private P-256 JWKs with a state and the time since when. `npm run token-keys` makes and rolls them. */
  TOKEN_KEYS: TokenKeys,
  /** JSON: sponsor address → its Ed25519 seed, 32 bytes in base64. */
  SPONSOR_KEYS: Json.pipe(z.record(z.string().min(32).max(58), Key)).refine(haveTheirOwn, {
    error: "each sponsor must have a seed of its own: one key for two families would sign for both",
  }),
  /** An Upstash-compatible Redis over HTTP, and its token. */
  UPSTASH_REDIS_REST_URL: HttpUrl,
  UPSTASH_REDIS_REST_TOKEN: z.string().min(16),
  /** Opens /metrics, as a bearer token. */
  METRICS_TOKEN: z.string().regex(/^[!-~]{16,256}$/, "must be 16 to 256 visible ASCII characters"),
  /** A WalletConnect bridge at which the dashboard meets Pera Wallet. Without it: Pera's own. */
  PERA_BRIDGE: HttpUrl.refine((url) => URL.canParse(url), "must be a URL")
    .transform((url) => new URL(url))
    .optional(),
  /** Where alerts are sent, and the secret (`whsec_`, then 24 to 64 bytes in base64) that signs them. Without both they are only logged. */
  ALERT_WEBHOOK_URL: z
    .string()
    .refine((url) => URL.canParse(url), "must be a URL")
    .optional(),
  ALERT_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, "must be whsec_ and base64")
    .optional(),
});

interface NetworkConfig {
  readonly providers: readonly z.infer<typeof Provider>[];
  readonly genesisHash: string;
}

export interface Config {
  readonly api: string;
  readonly networks: ReadonlyMap<NetworkName, NetworkConfig>;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  readonly tokenKeys: TokenKeys;
  readonly sponsorSeeds: ReadonlyMap<string, Uint8Array>;
  readonly redis: { readonly url: string; readonly token: string };
  readonly metricsToken: string;
  readonly peraBridge: URL | undefined;
  readonly alertWebhook: { readonly url: string; readonly secret: string } | undefined;
}

function genesisOf(network: NetworkName, given: string | undefined): string {
  const pinned = GENESIS_HASHES[network];
  if (pinned !== undefined && given !== undefined && given !== pinned) {
    throw new Error(`NETWORKS: the genesis hash of ${network} is ${pinned}`);
  }
  const owner = Object.keys(GENESIS_HASHES).find((name) => GENESIS_HASHES[name] === given);
  if (owner !== undefined && owner !== network) {
    throw new Error(`NETWORKS: the genesis hash of ${network} is that of ${owner}`);
  }
  const genesisHash = pinned ?? given;
  if (genesisHash === undefined) throw new Error(`NETWORKS: ${network} needs its genesisHash`);
  return genesisHash;
}

/** Nobody is sent to a private or metadata address by a setting; a localnet is private, but its providers are not metadata. */
function assertSafe(network: NetworkName, { providers }: NetworkConfig): void {
  for (const { name, url } of providers) {
    const fault = describeUnsafeUrl(new URL(url), { allowPrivate: network.endsWith(":localnet") });
    if (fault !== undefined) throw new Error(`NETWORKS: the URL of ${network}'s provider ${name} ${fault}`);
  }
}

function alertWebhookOf(
  url: string | undefined,
  secret: string | undefined,
  networks: readonly NetworkName[],
): Config["alertWebhook"] {
  if (url === undefined && secret === undefined) return undefined;
  if (url === undefined || secret === undefined) {
    throw new Error("ALERT_WEBHOOK_URL and ALERT_WEBHOOK_SECRET: give both or neither");
  }
  const allowPrivate = networks.length > 0 && networks.every((network) => network.endsWith(":localnet"));
  const fault = describeUnsafeUrl(new URL(url), { allowPrivate });
  if (fault !== undefined) throw new Error(`ALERT_WEBHOOK_URL: ${fault}`);
  return { url, secret };
}

/** Longer than any of our own names. */
const MAX_NAME_CHARS = 32;

/** A long name is not told: it may be a secret that stands where a name belongs. */
const tellName = <Part>(part: Part): Part | string =>
  typeof part === "string" && part.length > MAX_NAME_CHARS ? "…" : part;

/** Where something is wrong, and what. */
export function describeIssues({ issues }: z.ZodError): string {
  const told = issues.map((issue) => ({
    ...issue,
    path: issue.path.map(tellName),
    ...(issue.code === "unrecognized_keys" && { message: `unknown: ${issue.keys.map(tellName).join(", ")}` }),
  }));
  return z.prettifyError({ issues: told });
}

/** Reads the environment. @throws Error naming every variable that makes no sense; values are never in the message */
export function parseConfig(env: Readonly<Record<string, unknown>>): Config {
  const parsed = Variables.safeParse(env);
  if (!parsed.success) throw new Error(describeIssues(parsed.error));
  const variables = parsed.data;
  const networks = Object.entries(variables.NETWORKS).map(
    ([network, { providers, genesisHash }]) =>
      [network, { providers, genesisHash: genesisOf(network, genesisHash) }] as const,
  );
  const foreign = networks.find(([network]) => !SERVED_FAMILIES.has(familyOf(network)));
  if (foreign) throw new Error(`NETWORKS: ${foreign[0]} is not served by this version`);
  for (const [network, settings] of networks) assertSafe(network, settings);
  const secrets = new Map(Object.entries(variables.SECRETS));
  if (secrets.size === 0) throw new Error("SECRETS: at least one key is needed");
  return {
    api: variables.API_URL,
    networks: new Map(networks),
    secrets,
    tokenKeys: variables.TOKEN_KEYS,
    sponsorSeeds: new Map(Object.entries(variables.SPONSOR_KEYS)),
    redis: { url: variables.UPSTASH_REDIS_REST_URL, token: variables.UPSTASH_REDIS_REST_TOKEN },
    metricsToken: variables.METRICS_TOKEN,
    peraBridge: variables.PERA_BRIDGE,
    alertWebhook: alertWebhookOf(
      variables.ALERT_WEBHOOK_URL,
      variables.ALERT_WEBHOOK_SECRET,
      networks.map(([network]) => network),
    ),
  };
}

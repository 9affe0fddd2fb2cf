import { describe, expect, test } from "vitest";
import { parseConfig } from "./config.ts";

const key = Buffer.alloc(32, 7).toString("base64");
const part = (letter: string) => letter.repeat(43);
const tokenKey = {
  kty: "EC",
  crv: "P-256",
  x: part("x"),
  y: part("y"),
  d: part("d"),
  state: "active",
  since: "2026-11-25T10:00:00Z",
};
const nextKey = { ...tokenKey, x: part("X"), state: "next" };
const providers = [{ name: "alpha", url: "https://rpc.example/?api-key=hunter2" }];
const localnet = {
  "solana:localnet": { providers: [{ name: "node", url: "http://127.0.0.1:8899", weight: 3 }], genesisHash: "G" },
};

const env = {
  API_URL: "https://api.example",
  NETWORKS: JSON.stringify(localnet),
  SECRETS: JSON.stringify({ k2: key, k1: key }),
  TOKEN_KEYS: JSON.stringify([tokenKey]),
  SPONSOR_KEYS: JSON.stringify({ [`S${"1".repeat(40)}`]: key }),
  UPSTASH_REDIS_REST_URL: "https://redis.example",
  UPSTASH_REDIS_REST_TOKEN: "a-token-of-16-chars",
  METRICS_TOKEN: "another-of-16-chars",
};

const webhook = {
  ALERT_WEBHOOK_URL: "https://alerts.example/in?team=hunter2",
  ALERT_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 7).toString("base64")}`,
};

const networks = (value: unknown) => ({ ...env, NETWORKS: JSON.stringify(value) });

describe("a configuration", () => {
  test("is read whole, in the order in which its keys are written", () => {
    const config = parseConfig({ ...env, HYPERDRIVE: {}, SOMETHING_ELSE: 1 });
    expect(config.api).toBe("https://api.example");
    expect([...config.networks]).toEqual(Object.entries(localnet));
    expect([...config.secrets.keys()]).toEqual(["k2", "k1"]);
    expect(config.secrets.get("k1")).toEqual(new Uint8Array(32).fill(7));
    expect(config.tokenKeys).toEqual([tokenKey]);
    expect(config.redis).toEqual({ url: "https://redis.example", token: "a-token-of-16-chars" });
    expect(config.metricsToken).toBe("another-of-16-chars");
    expect(config.alertWebhook).toBeUndefined();
  });

  test("may serve networks of two families, whose public ones it knows by their genesis", () => {
    const algod = [{ name: "algod", url: "https://algod.example", weight: 1, apiToken: "hunter2" }];
    const both = networks({ ...localnet, "algorand:testnet": { providers: algod } });
    const testnet = { providers: algod, genesisHash: "SGO1GKSzyE7IEPItTxCByw9x8FmnrCDexi9/cOUJOiI=" };
    expect([...parseConfig(both).networks]).toEqual([...Object.entries(localnet), ["algorand:testnet", testnet]]);
    const seeds = { [`S${"1".repeat(40)}`]: key, ["A".repeat(58)]: Buffer.alloc(32, 8).toString("base64") };
    const { sponsorSeeds } = parseConfig({ ...env, SPONSOR_KEYS: JSON.stringify(seeds) });
    expect([...sponsorSeeds.keys()]).toEqual(Object.keys(seeds));
  });

  test("may send alerts to a receiver, on this machine only where no network is a public one", () => {
    const { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret } = webhook;
    expect(parseConfig({ ...env, ...webhook }).alertWebhook).toEqual({ url, secret });
    const own = { ...webhook, ALERT_WEBHOOK_URL: "http://127.0.0.1:9/hunter2" };
    expect(parseConfig({ ...env, ...own }).alertWebhook?.url).toBe("http://127.0.0.1:9/hunter2");
    const both = networks({ ...localnet, "solana:devnet": { providers } });
    expect(() => parseConfig({ ...both, ...own })).toThrow(/^ALERT_WEBHOOK_URL: must be an https URL$/);
  });

  test("has URLs without a trailing slash, because the issuer of tokens is compared to the letter", () => {
    expect(parseConfig({ ...env, API_URL: "https://api.example//" }).api).toBe("https://api.example");
  });

  test("knows the public clusters by their genesis hash", () => {
    const { networks: read } = parseConfig(networks({ "solana:devnet": { providers } }));
    expect(read.get("solana:devnet")?.genesisHash).toBe("EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG");
  });

  test("has up to eight providers for a network, whose URLs stay as they are written and whose weight is one", () => {
    const eight = Array.from({ length: 8 }, (_, index) => ({ ...providers[0], name: `alpha-${index}` }));
    const { networks: read } = parseConfig(networks({ "solana:devnet": { providers: eight } }));
    expect(read.get("solana:devnet")?.providers).toEqual(eight.map((provider) => ({ ...provider, weight: 1 })));
  });
});

describe("a deployment does not start", () => {
  test.each(Object.keys(env))("without %s", (name) => {
    expect(() => parseConfig({ ...env, [name]: undefined })).toThrow(name);
  });

  test.each([
    ["API_URL", "api.example"],
    ["API_URL", "https://api.example?x=1"],
    ["NETWORKS", "{"],
    ["NETWORKS", '{"solana:other":{"providers":[{"name":"a","url":"https://a.example"}]}}'],
    ["NETWORKS", '{"solana:devnet":{"rpcUrl":"https://a.example"}}'],
    ["NETWORKS", '{"solana:localnet":{"genesisHash":"G","providers":[{"name":"a","url":"ws://127.0.0.1"}]}}'],
    ["SECRETS", "{}"],
    ["SECRETS", JSON.stringify({ "a.b": key })],
    ["SECRETS", JSON.stringify({ k1: key.slice(4) })],
    ["SECRETS", JSON.stringify({ k1: "not base64 at all, of course" })],
    ["TOKEN_KEYS", "[]"],
    ["TOKEN_KEYS", JSON.stringify([{ ...tokenKey, d: undefined }])],
    ["TOKEN_KEYS", JSON.stringify([{ ...tokenKey, crv: "P-384" }])],
    ["TOKEN_KEYS", JSON.stringify([{ ...tokenKey, d: part("d").slice(1) }])],
    ["TOKEN_KEYS", JSON.stringify([{ ...tokenKey, since: "yesterday" }])],
    ["TOKEN_KEYS", JSON.stringify([{ ...tokenKey, since: 1_800_000_000 }])],
    ["TOKEN_KEYS", JSON.stringify([{ ...tokenKey, use: "enc" }])],
    ["SPONSOR_KEYS", JSON.stringify({ short: key })],
    ["UPSTASH_REDIS_REST_TOKEN", "short"],
    ["METRICS_TOKEN", "fifteen-letters"],
    ["METRICS_TOKEN", "has a space inside"],
    ["PERA_BRIDGE", "bridge.example"],
    ["PERA_BRIDGE", "wss://bridge.example"],
    ["ALERT_WEBHOOK_URL", "alerts.example"],
    ["ALERT_WEBHOOK_URL", webhook.ALERT_WEBHOOK_URL],
    ["ALERT_WEBHOOK_SECRET", webhook.ALERT_WEBHOOK_SECRET],
    ["ALERT_WEBHOOK_SECRET", webhook.ALERT_WEBHOOK_SECRET.slice("whsec_".length)],
    ["ALERT_WEBHOOK_SECRET", "whsec_c2hvcnQ="],
  ])("with a %s that makes no sense: %s", (name, value) => {
    expect(() => parseConfig({ ...env, [name]: value })).toThrow(name);
  });

  test.each<[string, readonly object[], RegExp]>([
    ["none of which signs", [nextKey], /exactly one key must be active/],
    ["two of which would sign", [tokenKey, { ...nextKey, state: "active" }], /exactly one key must be active/],
    ["one of which has no state", [tokenKey, { ...nextKey, state: undefined }], /"next"\|"active"\|"retiring"/],
    ["one of which has an unknown state", [tokenKey, { ...nextKey, state: "spare" }], /"next"\|"active"\|"retiring"/],
    ["of an earlier version, without states", [{ ...tokenKey, state: undefined, since: undefined }], /TOKEN_KEYS/],
    ["one of which is there twice", [tokenKey, { ...tokenKey, state: "retiring" }], /each key must be there once/],
    ["that are more than anybody rolls at once", Array.from("abcdefghi", (x) => ({ ...nextKey, x: part(x) })), /8/],
  ])("with token keys %s, and says so", (_name, keys, message) => {
    const parse = () => parseConfig({ ...env, TOKEN_KEYS: JSON.stringify(keys) });
    expect(parse).toThrow(message);
    expect(parse).toThrow("TOKEN_KEYS");
  });

  test("for a localnet whose genesis hash it is not told, or a public cluster with another one", () => {
    expect(() => parseConfig(networks({ "solana:localnet": { providers } }))).toThrow("needs its genesisHash");
    const wrong = { "solana:mainnet": { providers, genesisHash: "G" } };
    expect(() => parseConfig(networks(wrong))).toThrow("genesis hash of solana:mainnet");
  });

  test("for a network with the genesis hash of another family's", () => {
    const wrong = { "algorand:localnet": { providers, genesisHash: "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG" } };
    expect(() => parseConfig(networks(wrong))).toThrow("is that of solana:devnet");
    const testnet = { "algorand:testnet": { providers, genesisHash: "G" } };
    expect(() => parseConfig(networks(testnet))).toThrow("genesis hash of algorand:testnet");
  });

  test("with one seed for two sponsors, which would sign for both families, and the reason is not the seed", () => {
    const both = { [`S${"1".repeat(40)}`]: key, ["A".repeat(58)]: key };
    const parse = () => parseConfig({ ...env, SPONSOR_KEYS: JSON.stringify(both) });
    expect(parse).toThrow("a seed of its own");
    expect(parse).toThrow("SPONSOR_KEYS");
    expect(parse).not.toThrow(key);
  });

  test("for a network family that it cannot serve yet", () => {
    const near = { "near:localnet": { providers, genesisHash: "G" } };
    expect(() => parseConfig(networks(near))).toThrow("near:localnet is not served");
  });

  test.each<[string, readonly object[]]>([
    ["none", []],
    ["nine", Array.from({ length: 9 }, (_, index) => ({ ...providers[0], name: `alpha-${index}` }))],
    ["two of one name", [...providers, ...providers]],
    ["one with a name that no metric should have", [{ ...providers[0], name: "Alpha One" }]],
    ["one without a name", [{ url: "https://rpc.example" }]],
    ["one without weight", [{ ...providers[0], weight: 0 }]],
    ["one with half a weight", [{ ...providers[0], weight: 0.5 }]],
    ["one that is no URL", [{ name: "alpha", url: "rpc.hunter2.example" }]],
    ["one with a setting that nobody knows", [{ ...providers[0], timeoutMs: 5 }]],
  ])("with %s as the providers of a network", (_, given) => {
    expect(() => parseConfig(networks({ "solana:devnet": { providers: given } }))).toThrow(/NETWORKS.*providers/s);
  });

  test.each([
    "http://rpc.hunter2.example",
    "https://127.0.0.1/hunter2",
    "https://0x7f000001/hunter2",
    "https://10.0.0.1/hunter2",
    "https://169.254.169.254/hunter2",
    "https://[::1]/hunter2",
    "https://[::ffff:127.0.0.1]/hunter2",
    "https://hunter2/",
    "https://hunter2.internal/",
    "https://metadata.google.internal/hunter2",
    "https://user:hunter2@rpc.example/",
  ])("that would send a public network's calls to %s, and the reason is not the URL", (url) => {
    const parse = () => parseConfig(networks({ "solana:devnet": { providers: [{ name: "alpha", url }] } }));
    expect(parse).toThrow(/^NETWORKS: the URL of solana:devnet's provider alpha must/);
    expect(parse).not.toThrow(/hunter2|127|metadata\.google/);
  });

  test.each(["http://169.254.169.254", "http://[fd00:ec2::254]", "http://metadata.google.internal", "http://0.0.0.0"])(
    "that would send a localnet's calls to %s",
    (url) => {
      const settings = { providers: [{ name: "node", url }], genesisHash: "G" };
      expect(() => parseConfig(networks({ "solana:localnet": settings }))).toThrow("special");
    },
  );

  test("and says why without saying any value", () => {
    const secrets = ["hunter2-hunter2-hunter2", "bm90IDMyIGJ5dGVz"];
    const broken = {
      ...env,
      SECRETS: JSON.stringify({ k1: secrets[1] }),
      TOKEN_KEYS: JSON.stringify([{ ...tokenKey, kty: secrets[0] }]),
      UPSTASH_REDIS_REST_URL: secrets[0],
    };
    expect(() => parseConfig(broken)).toThrow(/SECRETS/);
    try {
      parseConfig(broken);
    } catch (error) {
      for (const secret of secrets) expect(String(error)).not.toContain(secret);
    }
  });
});

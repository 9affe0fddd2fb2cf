import { describe, expect, test } from "vitest";
import { parseConfig } from "./config.ts";

const key = Buffer.alloc(32, 7).toString("base64");
const tokenKey = { kty: "EC", crv: "P-256", x: "x", y: "y", d: "d" };
const localnet = { "solana:localnet": { rpcUrl: "http://127.0.0.1:8899", genesisHash: "G" } };

const env = {
  API_URL: "https://api.example",
  NETWORKS: JSON.stringify(localnet),
  SECRETS: JSON.stringify({ k2: key, k1: key }),
  TOKEN_KEYS: JSON.stringify([tokenKey]),
  SPONSOR_KEYS: JSON.stringify({ [`S${"1".repeat(40)}`]: key }),
  UPSTASH_REDIS_REST_URL: "https://redis.example",
  UPSTASH_REDIS_REST_TOKEN: "a-token-of-16-chars",
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
  });

  test("has URLs without a trailing slash, because the issuer of tokens is compared to the letter", () => {
    expect(parseConfig({ ...env, API_URL: "https://api.example//" }).api).toBe("https://api.example");
  });

  test("knows the public clusters by their genesis hash", () => {
    const rpcUrl = "https://rpc.example";
    const { networks: read } = parseConfig(networks({ "solana:devnet": { rpcUrl } }));
    expect(read.get("solana:devnet")?.genesisHash).toBe("EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG");
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
    ["NETWORKS", '{"solana:other":{"rpcUrl":"http://127.0.0.1"}}'],
    ["NETWORKS", '{"solana:localnet":{"rpcUrl":"ws://127.0.0.1"}}'],
    ["SECRETS", "{}"],
    ["SECRETS", JSON.stringify({ "a.b": key })],
    ["SECRETS", JSON.stringify({ k1: key.slice(4) })],
    ["SECRETS", JSON.stringify({ k1: "not base64 at all, of course" })],
    ["TOKEN_KEYS", "[]"],
    ["TOKEN_KEYS", JSON.stringify([{ ...tokenKey, d: undefined }])],
    ["TOKEN_KEYS", JSON.stringify([{ ...tokenKey, crv: "P-384" }])],
    ["SPONSOR_KEYS", JSON.stringify({ short: key })],
    ["UPSTASH_REDIS_REST_TOKEN", "short"],
  ])("with a %s that makes no sense: %s", (name, value) => {
    expect(() => parseConfig({ ...env, [name]: value })).toThrow(name);
  });

  test("for a localnet whose genesis hash it is not told, or a public cluster with another one", () => {
    const rpcUrl = "https://rpc.example";
    expect(() => parseConfig(networks({ "solana:localnet": { rpcUrl } }))).toThrow("needs its genesisHash");
    const wrong = { "solana:mainnet": { rpcUrl, genesisHash: "G" } };
    expect(() => parseConfig(networks(wrong))).toThrow("genesis hash of solana:mainnet");
  });

  test("for a network family that it cannot serve yet", () => {
    const near = { "near:localnet": { rpcUrl: "https://rpc.example", genesisHash: "G" } };
    expect(() => parseConfig(networks(near))).toThrow("near:localnet is not served");
  });

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

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { createWallet } from "./wallet.ts";
import { createAlgorandWallet } from "./algorand-client.ts";

/** The worker's own schema of it stands in bff/src/config.ts. */
export interface LocalTokenKey extends JWK {
  readonly state: "next" | "active" | "retiring";
  readonly since: string;
}

/** What a deployment must keep to itself, and the demo project's key. */
export interface LocalSecrets {
  /** 32 bytes, base64: challenges and refresh tokens. */
  readonly secret: string;
  /** As the worker's TOKEN_KEYS; `npm run token-keys` rolls them. */
  readonly tokenKeys: readonly LocalTokenKey[];
  readonly sponsorAddress: string;
  /** 32 bytes, base64. */
  readonly sponsorSeed: string;
  readonly redisToken: string;
  readonly publishableKey: string;
  /** 32 bytes, base64: the demo page's token faucet. */
  readonly faucetSeed: string;
  /** Opens the API's metrics. */
  readonly metricsToken: string;
  /** Who pays on Algorand; its seed is 32 bytes, base64. */
  readonly algorandSponsor: { readonly address: string; readonly seed: string };
}

type Later = Pick<LocalSecrets, "faucetSeed" | "metricsToken" | "algorandSponsor">;

export async function createSecrets(): Promise<LocalSecrets> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const seed = randomBytes(32);
  const { address } = await createWallet(seed);
  return {
    secret: randomBytes(32).toString("base64"),
    tokenKeys: [toActiveKey(await exportJWK(privateKey))],
    sponsorAddress: address,
    sponsorSeed: seed.toString("base64"),
    redisToken: randomBytes(24).toString("base64url"),
    publishableKey: `pk_test_${randomBytes(18).toString("base64url")}`,
    ...createLaterSecrets(),
  };
}

function toActiveKey(jwk: JWK): LocalTokenKey {
  return { ...jwk, state: "active", since: new Date().toISOString() };
}

/** Those that secrets files of earlier versions do not have. */
function createLaterSecrets(): Later {
  const seed = randomBytes(32);
  return {
    faucetSeed: randomBytes(32).toString("base64"),
    metricsToken: randomBytes(24).toString("base64url"),
    algorandSponsor: { address: createAlgorandWallet(seed).address, seed: seed.toString("base64") },
  };
}

/** The secrets of a data folder, made when it is used for the first time. Only their owner can read them. */
export async function keepSecrets(dataFolder: string): Promise<LocalSecrets> {
  const file = join(dataFolder, "secrets.json");
  if (existsSync(file)) return readSecrets(file);
  const secrets = await createSecrets();
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
  return secrets;
}

/** A file of an earlier version: without what came later, and with one token key that has no state. */
type Kept = Omit<LocalSecrets, keyof Later | "tokenKeys"> &
  Partial<Later> & { readonly tokenKeys?: LocalSecrets["tokenKeys"]; readonly tokenKey?: JWK };

/** It gets what it does not have yet, and keeps everything else. */
function readSecrets(file: string): LocalSecrets {
  const { tokenKey, ...kept } = JSON.parse(readFileSync(file, "utf8")) as Kept;
  const secrets = { ...createLaterSecrets(), tokenKeys: tokenKey ? [toActiveKey(tokenKey)] : [], ...kept };
  if (Object.keys(secrets).every((name) => name in kept)) return secrets;
  // In one step: a crash in between must not lose the keys of a database that is there already.
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
  renameSync(fresh, file);
  return secrets;
}

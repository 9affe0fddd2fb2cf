import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { createWallet } from "./wallet.ts";

/** What a deployment must keep to itself, and the demo project's key. */
export interface LocalSecrets {
  /** 32 bytes, base64: challenges and refresh tokens. */
  readonly secret: string;
  readonly tokenKey: JWK;
  readonly sponsorAddress: string;
  /** 32 bytes, base64. */
  readonly sponsorSeed: string;
  readonly redisToken: string;
  readonly publishableKey: string;
  /** 32 bytes, base64: the demo page's token faucet. */
  readonly faucetSeed: string;
  /** Opens the API's metrics. */
  readonly metricsToken: string;
}

type Later = Pick<LocalSecrets, "faucetSeed" | "metricsToken">;

export async function createSecrets(): Promise<LocalSecrets> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const seed = randomBytes(32);
  const { address } = await createWallet(seed);
  return {
    secret: randomBytes(32).toString("base64"),
    tokenKey: await exportJWK(privateKey),
    sponsorAddress: address,
    sponsorSeed: seed.toString("base64"),
    redisToken: randomBytes(24).toString("base64url"),
    publishableKey: `pk_test_${randomBytes(18).toString("base64url")}`,
    ...createLaterSecrets(),
  };
}

/** Those that secrets files of earlier versions do not have. */
function createLaterSecrets(): Later {
  return { faucetSeed: randomBytes(32).toString("base64"), metricsToken: randomBytes(24).toString("base64url") };
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

/** A file of an earlier version gets what it does not have yet, and keeps everything else. */
function readSecrets(file: string): LocalSecrets {
  const kept = JSON.parse(readFileSync(file, "utf8")) as Omit<LocalSecrets, keyof Later> & Partial<Later>;
  const { faucetSeed, metricsToken } = kept;
  if (faucetSeed !== undefined && metricsToken !== undefined) return { ...kept, faucetSeed, metricsToken };
  const secrets = { ...createLaterSecrets(), ...kept };
  // In one step: a crash in between must not lose the keys of a database that is there already.
  const fresh = `${file}.new`;
  writeFileSync(fresh, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
  return secrets;
}

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
}

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
  };
}

/** The secrets of a data folder, made when it is used for the first time. Only their owner can read them. */
export async function keepSecrets(dataFolder: string): Promise<LocalSecrets> {
  const file = join(dataFolder, "secrets.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as LocalSecrets;
  const secrets = await createSecrets();
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
  return secrets;
}

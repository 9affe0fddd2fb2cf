import { randomBytes } from "node:crypto";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import { base58 } from "@scure/base";
import type { Address } from "@solana/kit";
import { forgeForSmallOrderKey, signWithIdentityAsR } from "./ed25519-forgeries.ts";

/** Nobody has the key of this point, and a plain verifier takes its signatures: anybody can make them. */
export function createSmallOrderWallet(encoding: string): LocalWallet {
  const key = Buffer.from(encoding, "hex");
  return { address: base58.encode(key) as Address, sign: async (bytes) => forgeForSmallOrderKey(key, bytes) };
}

/** A real key whose owner signs as Solana's runtime refuses it: with a point of small order as R. */
export async function createIdentityWallet(): Promise<LocalWallet> {
  const seed = randomBytes(32);
  return { ...(await createWallet(seed)), sign: async (bytes) => signWithIdentityAsR(seed, bytes) };
}

/** The wallet's own signatures, changed before anybody sees them. */
export function altering({ address, sign }: LocalWallet, alter: (signature: Buffer) => Uint8Array): LocalWallet {
  return { address, sign: async (bytes) => alter(Buffer.from(await sign(bytes))) };
}

const MAX_TRIES = 100_000;

/** A wallet whose address has a property that only some have. */
export async function findWallet(isWanted: (address: string) => boolean): Promise<LocalWallet> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const wallet = await createWallet();
    if (isWanted(wallet.address)) return wallet;
  }
  throw new Error("there is no such wallet");
}

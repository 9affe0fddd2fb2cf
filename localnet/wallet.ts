import { randomBytes } from "node:crypto";
import { createKeyPairFromPrivateKeyBytes, getAddressFromPublicKey, signBytes, type Address } from "@solana/kit";

/** A Solana key of a person, held in this process. */
export interface LocalWallet {
  readonly address: Address;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** The wallet of a 32-byte seed; without one, a new wallet. */
export async function createWallet(seed: Uint8Array = randomBytes(32)): Promise<LocalWallet> {
  const { publicKey, privateKey } = await createKeyPairFromPrivateKeyBytes(seed);
  return { address: await getAddressFromPublicKey(publicKey), sign: (bytes) => signBytes(privateKey, bytes) };
}

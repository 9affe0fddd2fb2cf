import { createPrivateKey, createPublicKey, hash, sign } from "node:crypto";
import { base58 } from "@scure/base";

/** A key pair that signs without waiting: thousands of transactions are signed in a run. */
export interface FuzzKey {
  readonly address: string;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8. Source: RFC 8410. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const KEY_BYTES = 32;

/** The same key for the same name, in every run. */
export function keyNamed(name: string): FuzzKey {
  const seed = hash("sha256", `fuzz ${name}`, "buffer");
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-KEY_BYTES);
  return { address: base58.encode(publicKey), sign: (message) => new Uint8Array(sign(null, message, key)) };
}

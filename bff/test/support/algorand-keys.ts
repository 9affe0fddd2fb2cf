import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { encodeAddress } from "../../src/adapters/chains/algorand/address.ts";

const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

/** A key on Algorand, held in this process. */
export interface AlgorandKey {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly address: string;
  sign(bytes: Uint8Array): Uint8Array;
}

/** The key of 32 bytes, or of whoever is called so. */
export function algorandKey(of: string | Uint8Array): AlgorandKey {
  const seed = typeof of === "string" ? Uint8Array.from(createHash("sha256").update(of).digest()) : of;
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
  const publicKey = Uint8Array.from(
    Buffer.from(createPublicKey(secret).export({ format: "jwk" }).x ?? "", "base64url"),
  );
  return {
    seed,
    publicKey,
    address: encodeAddress(publicKey),
    sign: (bytes) => Uint8Array.from(sign(null, bytes, secret)),
  };
}

import type { WebCryptoKey } from "../crypto-key.ts";
import { AppError } from "../../errors.ts";
import type { SignerPort } from "../../ports.ts";

/** The DER in front of a raw Ed25519 seed. Source: RFC 8410, section 7. */
const PKCS8_PREFIX = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

async function importSeed(seed: Uint8Array): Promise<WebCryptoKey> {
  const pkcs8 = new Uint8Array([...PKCS8_PREFIX, ...seed]);
  return crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
}

async function isSignedBy(
  key: Uint8Array | undefined,
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  if (!key) return false;
  const publicKey = await crypto.subtle.importKey("raw", key.slice(), "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", publicKey, signature, message);
}

/** Sponsors' keys from the secret store, by address. A signature that its own address does not verify is never given out. */
export function createWebCryptoSigner(
  seeds: ReadonlyMap<string, Uint8Array>,
  publicKeyOf: (address: string) => Uint8Array | undefined,
): SignerPort {
  const imported = new Map<string, WebCryptoKey>();
  return {
    canSign: (address) => seeds.has(address),
    async sign(address, message) {
      const seed = seeds.get(address);
      if (!seed)
        throw new AppError("sponsor.unavailable", "No sponsor can sign at the moment.", { retryAfterSeconds: 5 });
      let key = imported.get(address);
      if (!key) {
        key = await importSeed(seed);
        imported.set(address, key);
      }
      const bytes = message.slice();
      const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", key, bytes));
      if (!(await isSignedBy(publicKeyOf(address), signature, bytes))) {
        throw new AppError("internal.misconfigured", undefined, {
          cause: new Error(`the seed of ${address} is another key's`),
        });
      }
      return signature;
    },
  };
}

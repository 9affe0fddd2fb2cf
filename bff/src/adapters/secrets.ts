import type { WebCryptoKey } from "./crypto-key.ts";
import type { SecretPort } from "../ports.ts";

const HMAC = { name: "HMAC", hash: "SHA-256", length: 256 } as const;
/** Keys of fixed labels; those of single sessions are not worth keeping. */
const MAX_KEPT_KEYS = 16;

/** MACs under keys that HKDF derives from each secret, one for each label. Source: RFC 5869. */
export function createSecrets(secrets: ReadonlyMap<string, Uint8Array>): SecretPort {
  const kept = new Map<string, WebCryptoKey>();

  async function deriveKey(kid: string, label: string): Promise<WebCryptoKey | undefined> {
    const secret = secrets.get(kid);
    if (!secret) return undefined;
    const name = `${kid} ${label}`;
    const known = kept.get(name);
    if (known) return known;
    const material = await crypto.subtle.importKey("raw", secret.slice(), "HKDF", false, ["deriveKey"]);
    const info = new TextEncoder().encode(label);
    const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
    const key = await crypto.subtle.deriveKey(parameters, material, HMAC, false, ["sign"]);
    if (kept.size < MAX_KEPT_KEYS) kept.set(name, key);
    return key;
  }

  return {
    kids: [...secrets.keys()],
    async mac(kid, label, data) {
      const key = await deriveKey(kid, label);
      return key && new Uint8Array(await crypto.subtle.sign("HMAC", key, data));
    },
  };
}

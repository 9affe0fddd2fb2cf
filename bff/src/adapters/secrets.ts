import type { WebCryptoKey } from "./crypto-key.ts";
import type { SecretPort } from "../ports.ts";

const HMAC = { name: "HMAC", hash: "SHA-256", length: 256 } as const;
/** The last ones that were used: those of fixed labels come again and again, those of single sessions pass through. */
const MAX_KEPT_KEYS = 32;

/** MACs under keys that HKDF derives from each secret, one for each label. Source: RFC 5869. */
export function createSecrets(secrets: ReadonlyMap<string, Uint8Array>): SecretPort {
  const kept = new Map<string, WebCryptoKey>();

  /** The one that was used last stands last. */
  function keep(name: string, key: WebCryptoKey): void {
    kept.delete(name);
    kept.set(name, key);
    const [oldest = name] = kept.keys();
    if (kept.size > MAX_KEPT_KEYS) kept.delete(oldest);
  }

  async function deriveKey(kid: string, label: string): Promise<WebCryptoKey | undefined> {
    const secret = secrets.get(kid);
    if (!secret) return undefined;
    const name = `${kid} ${label}`;
    const known = kept.get(name);
    if (known) {
      keep(name, known);
      return known;
    }
    const material = await crypto.subtle.importKey("raw", secret.slice(), "HKDF", false, ["deriveKey"]);
    const info = new TextEncoder().encode(label);
    const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
    const key = await crypto.subtle.deriveKey(parameters, material, HMAC, false, ["sign"]);
    keep(name, key);
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

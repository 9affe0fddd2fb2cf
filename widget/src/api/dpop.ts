import { toBase64Url } from "../base64.ts";
import { GaslessError } from "../errors.ts";

const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const encode = (value: object): string => toBase64Url(utf8(JSON.stringify(value)));

/** What a session is bound to. The private half never leaves this browser: not even this code can read it. */
export async function createProofKey(): Promise<CryptoKeyPair> {
  if (crypto.subtle === undefined) {
    throw new GaslessError("widget.misconfigured", "Signing in needs a page that came by https, or from localhost.");
  }
  return crypto.subtle.generateKey(ES256, false, ["sign"]);
}

interface ProvedCall {
  readonly method: string;
  /** Absolute; its query and fragment are not proved. */
  readonly url: string;
  /** The server's time. */
  readonly nowMs: number;
  /** The access token that goes with it. */
  readonly token?: string | undefined;
}

/** That whoever makes this one call holds the key. Source: RFC 9449, section 4.2. */
export async function createProof(
  { publicKey, privateKey }: CryptoKeyPair,
  { method, url, nowMs, token }: ProvedCall,
): Promise<string> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  const { origin, pathname } = new URL(url);
  const claims = {
    jti: crypto.randomUUID(),
    htm: method,
    htu: origin + pathname,
    iat: Math.floor(nowMs / 1000),
    ...(token !== undefined && {
      ath: toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(token)))),
    }),
  };
  const signed = `${encode({ typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } })}.${encode(claims)}`;
  const signature = await crypto.subtle.sign(ES256, privateKey, utf8(signed));
  return `${signed}.${toBase64Url(new Uint8Array(signature))}`;
}

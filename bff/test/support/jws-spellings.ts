import type { CryptoKey } from "jose";

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An ES256 signature over any header and payload, those included that no library would sign. */
export async function signJws(header: unknown, payload: unknown, key: CryptoKey): Promise<string> {
  const input = `${encode(header)}.${encode(payload)}`;
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString("base64url")}`;
}

/** The order of the P-256 base point. Source: FIPS 186-5 (SP 800-186, section 3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The same JWS with the other S of the same meaning, which everybody can make of it: (r, s) and (r, n - s) both verify. */
export function mirrorSignature(jws: string): string {
  const dot = jws.lastIndexOf(".");
  const signature = Buffer.from(jws.slice(dot + 1), "base64url");
  const scalar = BigInt(`0x${signature.subarray(32).toString("hex")}`);
  const mirrored = Buffer.from((ORDER - scalar).toString(16).padStart(64, "0"), "hex");
  return `${jws.slice(0, dot)}.${Buffer.concat([signature.subarray(0, 32), mirrored]).toString("base64url")}`;
}

import type { SignInFields } from "../../../../contract/challenges.ts";
import { canonicalJson } from "../../../../domain/canonical-json.ts";

/** What wallets call every Algorand network, whose own names they do not know. Source: ARC-60; SLIP-44. */
const CHAIN_ID = "283";

/** What `arc60` signs: the sign-in object as canonical JSON. Source: ARC-60, CAIP-122, RFC 8785. */
export function writeSiwaData(fields: SignInFields, address: string): Uint8Array {
  const { domain, uri, version, nonce, issuedAt, expirationTime, requestId, resources, statement } = fields;
  const data = {
    account_address: address,
    chain_id: CHAIN_ID,
    domain,
    "expiration-time": expirationTime,
    "issued-at": issuedAt,
    nonce,
    "request-id": requestId,
    resources,
    statement,
    type: "ed25519",
    uri,
    version,
  };
  return new TextEncoder().encode(canonicalJson(data));
}

export async function sha256(data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data.slice()));
}

/** What an authenticator says of a page before anything else: the hash of its domain, which wallets compare with the page's host and port. */
export function domainHashOf({ domain }: SignInFields): Promise<Uint8Array> {
  return sha256(new TextEncoder().encode(domain));
}

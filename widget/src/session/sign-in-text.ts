import type { SignInFields } from "../api/types.ts";

/**
 * The exact text that `fields` stand for: UTF-8, LF, no final LF. The server rebuilds it and compares bytes, so that a
 * challenge fetched ahead of time can be signed by whichever account the wallet shows.
 * Source: SIP-0099 (Sign In With Solana).
 */
export function signInText(fields: SignInFields, address: string): string {
  return [
    `${fields.domain} wants you to sign in with your Solana account:`,
    address,
    "",
    fields.statement,
    "",
    `URI: ${fields.uri}`,
    `Version: ${fields.version}`,
    `Chain ID: ${fields.chainId}`,
    `Nonce: ${fields.nonce}`,
    `Issued At: ${fields.issuedAt}`,
    `Expiration Time: ${fields.expirationTime}`,
    `Request ID: ${fields.requestId}`,
    "Resources:",
    ...fields.resources.map((resource) => `- ${resource}`),
  ].join("\n");
}

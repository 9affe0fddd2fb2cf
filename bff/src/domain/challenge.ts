import { hex } from "@scure/base";
import type { SignInFields } from "../contract/challenges.ts";
import { concatBytes, lengthPrefixed, uint32 } from "./bytes.ts";

export const CHALLENGE_LIFE_SECONDS = 300;
export const CHALLENGE_RANDOM_BYTES = 12;
const EXPIRY_BYTES = 4;
const MAC_BYTES = 16;
const NONCE_BYTES = CHALLENGE_RANDOM_BYTES + EXPIRY_BYTES + MAC_BYTES;

/** What a challenge is good for. An absent method or address is not bound. */
export interface ChallengeBinding {
  readonly projectId: string;
  readonly origin: string;
  readonly network: string;
  readonly method?: string | undefined;
  readonly address?: string | undefined;
}

export interface Nonce {
  readonly random: Uint8Array;
  readonly expiresAtSeconds: number;
  readonly mac: Uint8Array;
}

/** The bytes under a nonce's MAC; each part carries its length. The empty last part is the key thumbprint of bound sessions. */
export function challengeMacInput(
  random: Uint8Array,
  expiresAtSeconds: number,
  binding: ChallengeBinding,
): Uint8Array<ArrayBuffer> {
  const { projectId, origin, network, method = "", address = "" } = binding;
  const texts = [projectId, origin, network, method, address, ""].map((text) => new TextEncoder().encode(text));
  return lengthPrefixed(random, uint32(expiresAtSeconds), ...texts);
}

/** `hex(12 random bytes ‖ 4-byte expiry ‖ first 16 bytes of the MAC)`. */
export function composeNonce(random: Uint8Array, expiresAtSeconds: number, mac: Uint8Array): string {
  return hex.encode(concatBytes(random, uint32(expiresAtSeconds), mac.subarray(0, MAC_BYTES)));
}

/** The parts of `chl_<nonce>`, or undefined when it cannot be one of ours. */
export function parseChallengeId(challengeId: string): { readonly text: string; readonly nonce: Nonce } | undefined {
  const text = challengeId.slice("chl_".length);
  if (!challengeId.startsWith("chl_") || !/^[0-9a-f]+$/.test(text) || text.length !== 2 * NONCE_BYTES) return undefined;
  const bytes = hex.decode(text);
  const macAt = CHALLENGE_RANDOM_BYTES + EXPIRY_BYTES;
  const expiresAtSeconds = new DataView(bytes.buffer, bytes.byteOffset).getUint32(CHALLENGE_RANDOM_BYTES);
  return {
    text,
    nonce: { random: bytes.slice(0, CHALLENGE_RANDOM_BYTES), expiresAtSeconds, mac: bytes.slice(macAt) },
  };
}

/** Every binding that a proof may redeem: with or without its method, with or without its address. */
export function redeemableBindings(binding: Required<ChallengeBinding>): readonly ChallengeBinding[] {
  const { method, address, ...fixed } = binding;
  return [fixed, { ...fixed, address }, { ...fixed, method }, binding];
}

export interface SignInTextInput {
  readonly origin: string;
  readonly network: string;
  readonly nonce: string;
  readonly statement: string;
  readonly resource: string;
  /** RFC 3339 with `.000Z`. */
  readonly issuedAt: string;
  readonly expirationTime: string;
  readonly address?: string | undefined;
}

/** The Wallet Standard's `SolanaSignInInput`, from which a wallet builds the same bytes as `signInText`. Source: SIP-0099 (SIWS). */
export function signInFields(input: SignInTextInput): SignInFields {
  const { origin, network, nonce, statement, resource, issuedAt, expirationTime, address } = input;
  return {
    domain: origin.slice(origin.indexOf("://") + 3),
    ...(address !== undefined && { address }),
    statement,
    uri: origin,
    version: "1",
    chainId: network === "solana:localnet" ? "localnet" : network,
    nonce,
    issuedAt,
    expirationTime,
    requestId: `chl_${nonce}`,
    resources: [resource],
  };
}

/** The exact text to sign: UTF-8, LF, no final LF. */
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

import { hex } from "@scure/base";
import type { SignInFields } from "../contract/challenges.ts";
import { concatBytes, lengthPrefixed, uint32 } from "./bytes.ts";

export const CHALLENGE_LIFE_SECONDS = 300;
/** Random; but of a challenge that is bound to a key, the last four bytes are a tag. */
export const SEED_BYTES = 12;
/** Tells a challenge with another key from a stranger's. A forged one gains its maker nothing but another code. */
const TAG_BYTES = 4;
const EXPIRY_BYTES = 4;
const MAC_BYTES = 16;
const NONCE_BYTES = SEED_BYTES + EXPIRY_BYTES + MAC_BYTES;

/** What a challenge is good for. An absent method, address or key is not bound. */
export interface ChallengeBinding {
  readonly projectId: string;
  readonly origin: string;
  readonly network: string;
  readonly method?: string | undefined;
  readonly address?: string | undefined;
  /** RFC 7638 thumbprint of the key that must redeem it. */
  readonly keyThumbprint?: string | undefined;
}

export interface Nonce {
  readonly seed: Uint8Array;
  readonly expiresAtSeconds: number;
  readonly mac: Uint8Array;
}

/** The bytes under a nonce's MAC, or under its tag (random bytes alone, and no key); each part carries its length. */
export function challengeMacInput(
  seed: Uint8Array,
  expiresAtSeconds: number,
  binding: ChallengeBinding,
): Uint8Array<ArrayBuffer> {
  const { projectId, origin, network, method = "", address = "", keyThumbprint = "" } = binding;
  const texts = [projectId, origin, network, method, address, keyThumbprint].map((text) =>
    new TextEncoder().encode(text),
  );
  return lengthPrefixed(seed, uint32(expiresAtSeconds), ...texts);
}

/** The first bytes of a bound challenge's nonce: eight random ones, and the first four of the tag's MAC. */
export function composeSeed(random: Uint8Array, tagMac: Uint8Array): Uint8Array {
  return concatBytes(random, tagMac.subarray(0, TAG_BYTES));
}

/** The two parts of a seed. */
export function splitSeed(seed: Uint8Array): { readonly random: Uint8Array; readonly tag: Uint8Array } {
  return { random: seed.slice(0, -TAG_BYTES), tag: seed.slice(-TAG_BYTES) };
}

/** `hex(12 bytes of seed ‖ 4-byte expiry ‖ first 16 bytes of the MAC)`. */
export function composeNonce(seed: Uint8Array, expiresAtSeconds: number, mac: Uint8Array): string {
  return hex.encode(concatBytes(seed, uint32(expiresAtSeconds), mac.subarray(0, MAC_BYTES)));
}

/** The parts of `chl_<nonce>`, or undefined when it cannot be one of ours. */
export function parseChallengeId(challengeId: string): { readonly text: string; readonly nonce: Nonce } | undefined {
  const text = challengeId.slice("chl_".length);
  if (!challengeId.startsWith("chl_") || !/^[0-9a-f]+$/.test(text) || text.length !== 2 * NONCE_BYTES) return undefined;
  const bytes = hex.decode(text);
  const expiresAtSeconds = new DataView(bytes.buffer, bytes.byteOffset).getUint32(SEED_BYTES);
  return {
    text,
    nonce: { seed: bytes.slice(0, SEED_BYTES), expiresAtSeconds, mac: bytes.slice(SEED_BYTES + EXPIRY_BYTES) },
  };
}

/** Every binding that a proof may redeem: with or without its method, its address and its key. */
export function redeemableBindings(binding: ChallengeBinding): readonly ChallengeBinding[] {
  const { method, address, keyThumbprint, ...fixed } = binding;
  const unkeyed = [fixed, { ...fixed, address }, { ...fixed, method }, { ...fixed, method, address }];
  if (keyThumbprint === undefined) return unkeyed;
  return [...unkeyed, ...unkeyed.map((candidate) => ({ ...candidate, keyThumbprint }))];
}

export interface SignInTextInput {
  readonly origin: string;
  /** The network as wallets of its family name it. */
  readonly chainId: string;
  readonly nonce: string;
  readonly statement: string;
  readonly resource: string;
  /** RFC 3339 with `.000Z`. */
  readonly issuedAt: string;
  readonly expirationTime: string;
  readonly address?: string | undefined;
}

/** What the text is made of; on Solana the Wallet Standard's `SolanaSignInInput`, from which a wallet builds the same bytes as `signInText`. Source: SIP-0099 (SIWS), CAIP-122. */
export function signInFields(input: SignInTextInput): SignInFields {
  const { origin, chainId, nonce, statement, resource, issuedAt, expirationTime, address } = input;
  return {
    domain: origin.slice(origin.indexOf("://") + 3),
    ...(address !== undefined && { address }),
    statement,
    uri: origin,
    version: "1",
    chainId,
    nonce,
    issuedAt,
    expirationTime,
    requestId: `chl_${nonce}`,
    resources: [resource],
  };
}

/** The exact text to sign, by an account of `accountOf`, such as Solana: UTF-8, LF, no final LF. */
export function signInText(fields: SignInFields, accountOf: string, address: string): string {
  return [
    `${fields.domain} wants you to sign in with your ${accountOf} account:`,
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

import { isSame } from "../bytes.ts";
import { decodeKey } from "../solana-key.ts";
import type { SignedMessage } from "../wallets/types.ts";

/** No transaction begins like this. */
const SIGNING_DOMAIN = Uint8Array.of(0xff, ...new TextEncoder().encode("solana offchain"));
const VERSION = 1;
const SIGNERS = 1;
/** A count of one, and a signature. */
const ENVELOPE_BYTES = 65;

/** The bytes that a wallet signs for `text` in the name of `address` alone. Source: sRFC 3, version 1. */
export const offchainMessage = (address: string, text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.of(...SIGNING_DOMAIN, VERSION, SIGNERS, ...decodeKey(address), ...new TextEncoder().encode(text));

/**
 * The off-chain message that a wallet made of a bare text, as some do for a device: given as what was signed, or with
 * the signature in one envelope. In which layout is for the server to read; undefined when it is not around `text`.
 */
export function findOffchainMessage(
  { signedMessage, signature }: SignedMessage,
  text: Uint8Array,
): Uint8Array | undefined {
  const isEnvelope = signature.length > ENVELOPE_BYTES && signature[0] === 1;
  const whole = isEnvelope ? signature.subarray(ENVELOPE_BYTES) : signedMessage;
  const isOffchain = isSame(whole.subarray(0, SIGNING_DOMAIN.length), SIGNING_DOMAIN);
  return isOffchain && isSame(whole.subarray(-text.length), text) ? whole : undefined;
}

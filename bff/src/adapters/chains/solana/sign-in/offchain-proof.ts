import { equalBytes, isZero } from "../../../../domain/bytes.ts";
import type { SignInChallenge, SignInProof } from "../../../../domain/sign-in.ts";
import { verifyEd25519 } from "../../ed25519.ts";
import { base58 } from "@scure/base";
import { type OffchainMessage, readOffchainMessage, writeOffchainMessage } from "./offchain-message.ts";

const SIGNATURE_BYTES = 64;
const APPLICATION_DOMAIN_BYTES = 32;

/** Some wallets give everything in place of the signature: a count of one, the signature, and what it is of. */
function openEnvelope(signature: Uint8Array): { signature: Uint8Array; message: Uint8Array } | undefined {
  if (signature[0] !== 1 || signature.length <= 1 + SIGNATURE_BYTES) return undefined;
  return { signature: signature.subarray(1, 1 + SIGNATURE_BYTES), message: signature.subarray(1 + SIGNATURE_BYTES) };
}

function isOurDomain(applicationDomain: Uint8Array, domain: string): boolean {
  const padded = new Uint8Array(APPLICATION_DOMAIN_BYTES);
  const bytes = new TextEncoder().encode(domain);
  if (bytes.length <= padded.length) padded.set(bytes);
  return isZero(applicationDomain) || (bytes.length <= padded.length && equalBytes(applicationDomain, padded));
}

/** True for our text, by nobody but this address, for nobody's application but ours. */
function isOfChallenge(
  { applicationDomain, signers, content, layout }: OffchainMessage,
  { fields: { domain } }: SignInChallenge,
  address: string,
  text: Uint8Array,
): boolean {
  const isOwnSigner = layout === "compact" || (signers.length === 1 && signers[0] === address);
  const isOwnDomain = applicationDomain === undefined || isOurDomain(applicationDomain, domain);
  return isOwnSigner && isOwnDomain && equalBytes(content, text);
}

/** Without `signedMessage` and envelope, the message is taken to be of version 1. */
export async function verifyOffchainProof(challenge: SignInChallenge, proof: SignInProof): Promise<boolean> {
  const { address, signedMessage } = proof;
  const text = new TextEncoder().encode(challenge.text);
  const envelope = openEnvelope(proof.signature);
  if (envelope && signedMessage && !equalBytes(envelope.message, signedMessage)) return false;
  const message = envelope?.message ?? signedMessage ?? writeOffchainMessage(address, text);
  if (!readOffchainMessage(message).some((reading) => isOfChallenge(reading, challenge, address, text))) return false;
  return verifyEd25519(base58.decode(address), message, envelope?.signature ?? proof.signature);
}

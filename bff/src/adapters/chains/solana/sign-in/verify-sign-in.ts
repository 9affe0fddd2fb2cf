import { base58 } from "@scure/base";
import type { SignInMethod } from "../../../../contract/index.ts";
import { equalBytes } from "../../../../domain/bytes.ts";
import type { SignInChallenge, SignInProof, SignInVerdict } from "../../../../domain/sign-in.ts";
import { verifyEd25519 } from "../../ed25519.ts";
import { verifyMemoTransaction } from "./memo-transaction.ts";
import { verifyOffchainProof } from "./offchain-proof.ts";

/** The text's own bytes, signed. */
async function verifyText(
  { text }: SignInChallenge,
  { address, signature, signedMessage }: SignInProof,
): Promise<boolean> {
  const message = new TextEncoder().encode(text);
  if (signedMessage !== undefined && !equalBytes(signedMessage, message)) return false;
  return verifyEd25519(base58.decode(address), message, signature);
}

type Verify = (challenge: SignInChallenge, proof: SignInProof) => Promise<boolean>;

const METHODS: Partial<Record<SignInMethod, Verify>> = {
  siws: verifyText,
  message: verifyText,
  local: verifyText,
  offchain: verifyOffchainProof,
  "memo-transaction": verifyMemoTransaction,
};

/** Every method rebuilds what must have been signed and compares bytes; a method of another chain proves nothing here. */
export async function verifySignIn(challenge: SignInChallenge, proof: SignInProof): Promise<SignInVerdict> {
  const isOwnKey = proof.publicKey === undefined || proof.publicKey === proof.address;
  return isOwnKey && (await METHODS[challenge.method]?.(challenge, proof)) === true ? "proven" : "unproven";
}

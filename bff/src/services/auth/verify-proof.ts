import { base64 } from "@scure/base";
import type { SessionRequest } from "../../contract/index.ts";
import { parseChallengeId, signInText } from "../../domain/challenge.ts";
import { walletOf } from "../../domain/network.ts";
import type { Project } from "../../domain/project.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import { requireNetwork } from "../projects/require-network.ts";
import { judgeNonce } from "./challenge-mac.ts";
import { challengeFields } from "./challenge-text.ts";
import { requireAddress } from "./issue-challenge.ts";
import { proofInvalid } from "./possession.ts";
import { assertSupportedMethod } from "./sign-in-methods.ts";

export interface ProofCaller {
  readonly project: Project;
  readonly origin: string;
  /** Five wrong proofs were given of this challenge, or it has been used. */
  readonly isNonceBurnt: boolean;
  /** Of the key that the caller has proved to hold. */
  readonly keyThumbprint: string | undefined;
}

/** A wallet that has proved itself, and the challenge that this must use up. */
export interface ProvenWallet {
  readonly nonce: string;
  readonly expiresAtSeconds: number;
  readonly wallet: string;
  readonly network: SessionRequest["network"];
  readonly method: SessionRequest["method"];
}

export const challengeInvalid = (): AppError =>
  new AppError("auth.challenge_invalid", "The challenge was used, has expired or is another one's. Ask for a new one.");

const signatureInvalid = (): AppError =>
  new AppError("auth.signature_invalid", "The signature is not of this challenge by this address.");

const walletUnsupported = (): AppError =>
  new AppError("auth.wallet_unsupported", "Wallets of several keys, or of a program instead of a key, cannot sign in.");

const bytesOf = (text: string | undefined): Uint8Array | undefined =>
  text === undefined ? undefined : base64.decode(text);

/**
 * Verifies by reconstruction: what must have been signed is rebuilt and its bytes are compared; nothing that was sent is
 * parsed as a sign-in text. That a proof is used once is for whoever stores what it proves.
 * @throws request.invalid, auth.challenge_invalid, auth.proof_invalid, auth.signature_invalid, auth.wallet_unsupported
 */
export async function verifyProof(ports: Ports, caller: ProofCaller, body: SessionRequest): Promise<ProvenWallet> {
  const { project, origin, keyThumbprint } = caller;
  const { network, method, challengeId } = body;
  const { chain } = requireNetwork(ports, project, network);
  assertSupportedMethod(chain, method);
  const address = requireAddress(chain, body.address);

  const challenge = parseChallengeId(challengeId);
  if (!challenge || caller.isNonceBurnt) throw challengeInvalid();
  const { text: nonce, nonce: parts } = challenge;
  const { expiresAtSeconds } = parts;
  if (expiresAtSeconds * 1000 <= ports.clock.nowMs()) throw challengeInvalid();
  const binding = { projectId: project.id, origin, network, method, address, keyThumbprint };
  const verdict = await judgeNonce(ports, parts, binding);
  if (verdict === "foreign") throw challengeInvalid();
  if (verdict === "of_another_key") throw proofInvalid("The challenge is bound to another key than the proof's.");

  const fields = challengeFields(ports, project, { chain, origin, nonce, expiresAtSeconds, address });
  const proof = await chain.verifySignIn(
    { method, challengeId, text: signInText(fields, chain.signIn.accountOf, address), fields },
    {
      address,
      signature: base64.decode(body.signature),
      signedMessage: bytesOf(body.signedMessage),
      publicKey: body.publicKey,
      transaction: bytesOf(body.transaction),
    },
  );
  if (proof === "unsupported") throw walletUnsupported();
  if (proof === "unproven") {
    await ports.limiter.countWrongProof(nonce);
    throw signatureInvalid();
  }
  return { nonce, expiresAtSeconds, wallet: walletOf(network, address), network, method };
}

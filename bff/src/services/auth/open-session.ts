import { base64 } from "@scure/base";
import type { SessionRequest, SessionTokens } from "../../contract/index.ts";
import { equalBytes } from "../../domain/bytes.ts";
import {
  challengeMacInput,
  type ChallengeBinding,
  type Nonce,
  parseChallengeId,
  redeemableBindings,
  signInText,
} from "../../domain/challenge.ts";
import { walletOf } from "../../domain/network.ts";
import type { Project } from "../../domain/project.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import { readProjectAgain } from "../projects/find-project.ts";
import { requireNetwork } from "../projects/require-network.ts";
import { CHALLENGE_LABEL, challengeFields } from "./challenge-text.ts";
import { requireAddress } from "./issue-challenge.ts";
import { issueTokens } from "./issue-tokens.ts";
import { assertSupportedMethod } from "./sign-in-methods.ts";

export interface SignInCaller {
  readonly project: Project;
  readonly keyId: string;
  readonly origin: string;
  /** Five wrong proofs were given of this challenge, or it has been used. */
  readonly isNonceBurnt: boolean;
}

const challengeInvalid = (): AppError =>
  new AppError("auth.challenge_invalid", "The challenge was used, has expired or is another one's. Ask for a new one.");

const signatureInvalid = (): AppError =>
  new AppError("auth.signature_invalid", "The signature is not of this challenge by this address.");

/** True when one of our keys made this nonce for one of the bindings that the proof may redeem. */
async function isOurs({ secrets }: Ports, nonce: Nonce, binding: Required<ChallengeBinding>): Promise<boolean> {
  const { random, expiresAtSeconds, mac } = nonce;
  const inputs = redeemableBindings(binding).map((candidate) => challengeMacInput(random, expiresAtSeconds, candidate));
  const macs = await Promise.all(
    secrets.kids.flatMap((kid) => inputs.map((input) => secrets.mac(kid, CHALLENGE_LABEL, input))),
  );
  return macs.some((candidate) => candidate !== undefined && equalBytes(candidate.subarray(0, mac.length), mac));
}

function refuseForeignFields({ publicKey, transaction }: SessionRequest, address: string): void {
  if (transaction !== undefined) {
    throw new AppError("request.invalid", "A transaction proves nothing with this method.", {
      errors: [{ pointer: "/transaction", detail: "must be absent with this method" }],
    });
  }
  if (publicKey !== undefined && publicKey !== address) throw signatureInvalid();
}

/**
 * Verifies by reconstruction: the exact text is rebuilt and its bytes are compared; nothing that was sent is parsed.
 * A proof opens one session, however often and wherever it is sent.
 * @throws request.invalid, auth.challenge_invalid, auth.signature_invalid, auth.wallet_unsupported
 */
export async function openSession(ports: Ports, caller: SignInCaller, body: SessionRequest): Promise<SessionTokens> {
  const { project, origin } = caller;
  const { network, method } = body;
  const { chain } = requireNetwork(ports, project, network);
  assertSupportedMethod(method);
  const address = requireAddress(chain, body.address);

  const challenge = parseChallengeId(body.challengeId);
  if (!challenge || caller.isNonceBurnt) throw challengeInvalid();
  const { text: nonce, nonce: parts } = challenge;
  const binding = { projectId: project.id, origin, network, method, address };
  const isAlive = parts.expiresAtSeconds * 1000 > ports.clock.nowMs();
  if (!isAlive || !(await isOurs(ports, parts, binding))) throw challengeInvalid();
  refuseForeignFields(body, address);

  const { expiresAtSeconds } = parts;
  const fields = challengeFields(ports, project, { network, origin, nonce, expiresAtSeconds, address });
  const message = new TextEncoder().encode(signInText(fields, address));
  const isSameText = body.signedMessage === undefined || equalBytes(base64.decode(body.signedMessage), message);
  const signature = base64.decode(body.signature);
  if (!isSameText || !(await chain.verifySignature(address, message, signature))) {
    await ports.limiter.countWrongProof(nonce);
    throw signatureInvalid();
  }
  return store(ports, caller, { nonce, expiresAtSeconds, wallet: walletOf(network, address), network, method }, true);
}

interface ProvenWallet {
  readonly nonce: string;
  readonly expiresAtSeconds: number;
  readonly wallet: string;
  readonly network: SessionRequest["network"];
  readonly method: SessionRequest["method"];
}

async function store(
  ports: Ports,
  caller: SignInCaller,
  proven: ProvenWallet,
  mayRetry: boolean,
): Promise<SessionTokens> {
  const { project, keyId, origin } = caller;
  const { nonce, expiresAtSeconds, wallet, network, method } = proven;
  const opened = await ports.store.openSession({
    projectId: project.id,
    revision: project.revision,
    keyId,
    nonce,
    challengeExpiresAtMs: expiresAtSeconds * 1000,
    newUserId: ports.random.id("usr"),
    wallet,
    network,
    origin,
    amr: [method],
    sessionId: ports.random.id("ses"),
  });
  if (opened.ok) {
    ports.background(ports.limiter.markNonceUsed(nonce));
    return issueTokens(ports, { project, origin, ...opened.value, counter: 0 });
  }
  if (opened.reason.kind === "refused") throw toAppError(opened.reason.refusal);
  if (opened.reason.kind === "challenge_used") throw challengeInvalid();
  // The project changed since it was read: read it again, and decide again, once.
  if (!mayRetry) {
    throw new AppError("store.unavailable", "The project is being changed. Send the same proof again.", {
      retryAfterSeconds: 1,
    });
  }
  const current = await readProjectAgain(ports, project, origin);
  requireNetwork(ports, current, network);
  return store(ports, { ...caller, project: current }, proven, false);
}

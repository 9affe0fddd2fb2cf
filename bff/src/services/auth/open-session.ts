import type { SessionRequest, SessionTokens } from "../../contract/index.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import { readProjectAgain } from "../projects/find-project.ts";
import { requireNetwork } from "../projects/require-network.ts";
import { issueTokens } from "./issue-tokens.ts";
import { challengeInvalid, type ProofCaller, type ProvenWallet, verifyProof } from "./verify-proof.ts";

export interface SignInCaller extends ProofCaller {
  readonly keyId: string;
}

/**
 * A session for the wallet that has proved itself, bound to the key that the caller has proved to hold, if any. A proof
 * opens one session, however often and wherever it is sent.
 * @throws what verifyProof throws
 */
export async function openSession(ports: Ports, caller: SignInCaller, body: SessionRequest): Promise<SessionTokens> {
  return store(ports, caller, await verifyProof(ports, caller, body), true);
}

async function store(
  ports: Ports,
  caller: SignInCaller,
  proven: ProvenWallet,
  mayRetry: boolean,
): Promise<SessionTokens> {
  const { project, keyId, origin, keyThumbprint } = caller;
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
    keyThumbprint,
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

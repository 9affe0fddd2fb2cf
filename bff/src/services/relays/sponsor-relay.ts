import { base64 } from "@scure/base";
import { canonicalJson } from "../../domain/canonical-json.ts";
import type { Result } from "../../domain/result.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { AccessClaims, Ports, ReservationOutcome, StoreRefusal } from "../../ports.ts";
import { readProjectAgain } from "../projects/find-project.ts";
import { requireNetwork } from "../projects/require-network.ts";
import { completeRelay, stillMoving } from "./complete-relay.ts";
import { type JudgedTransaction, judgeTransaction } from "./judge-transaction.ts";
import type { RelayAnswer, RelayIntent } from "./relay-intent.ts";
import { settleRelays } from "./settle-relays.ts";
import { viewAccepted } from "./view-relay.ts";

/**
 * Decides on, reserves, signs and starts one sponsored transaction. Nothing is signed before every limit holds it,
 * and nothing is sent before `signed` is in SQL. Idempotent by key.
 */
export async function sponsorRelay(ports: Ports, intent: RelayIntent): Promise<RelayAnswer> {
  const fingerprint = await ports.hash.sha256(new TextEncoder().encode(canonicalJson(intent.body)));
  try {
    return await decide(ports, intent, fingerprint, true);
  } catch (error) {
    // What a fault may have left behind is the sweeper's to end.
    const isFault = !(error instanceof AppError) || error.status >= 500;
    if (isFault) ports.background(ports.wake(intent.body.network));
    throw error;
  }
}

async function decide(
  ports: Ports,
  intent: RelayIntent,
  fingerprint: Uint8Array,
  mayRetry: boolean,
): Promise<RelayAnswer> {
  const { project, claims, body, idempotencyKey } = intent;
  const network = requireNetwork(ports, project, body.network);
  const judged = await judgeTransaction(network.chain, network.settings, claims.wallet, body.transaction);
  if (!judged.ok) {
    // What was accepted under this key before is still its answer, whatever the policy says by now.
    const known = await ports.store.findKey(project.id, claims.userId, idempotencyKey, fingerprint);
    if (known?.outcome === "reused") {
      throw new AppError("idempotency.key_reused", "This idempotency key was used with another body.");
    }
    if (known?.outcome === "replay") return replay(ports, claims, known);
    throw toAppError(judged.reason);
  }

  const leaseToken = ports.random.uuid();
  const relayId = ports.random.id("rly");
  // Both at once; what the simulation says is looked at only when everything is held.
  const simulating = settled(network.chain.simulate(judged.value.transaction));
  const reservation = await reserve(ports, intent, judged.value, { relayId, leaseToken, fingerprint });
  if (!reservation.ok) {
    if (reservation.reason.kind === "refused") throw toAppError(reservation.reason.refusal);
    if (!mayRetry) throw stillMoving();
    return decide(
      ports,
      { ...intent, project: await readProjectAgain(ports, project, claims.origin) },
      fingerprint,
      false,
    );
  }
  if (reservation.value.outcome === "replay") return replay(ports, claims, reservation.value);
  if (reservation.value.outcome === "abandoned") {
    if (!mayRetry) throw stillMoving();
    await settleRelays(ports, body.network, reservation.value.relayId);
    return decide(ports, intent, fingerprint, false);
  }
  return completeRelay(ports, intent, network, judged.value, {
    relayId,
    leaseToken,
    createdAt: reservation.value.createdAt,
    simulated: await simulating,
  });
}

async function settled<Value>(work: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  const [outcome] = await Promise.allSettled([work]);
  return outcome;
}

async function reserve(
  { hash, store }: Ports,
  { project, claims, idempotencyKey, body }: RelayIntent,
  { transaction, cost, policyVersion, sponsor }: JudgedTransaction,
  held: { relayId: string; leaseToken: string; fingerprint: Uint8Array },
): Promise<Result<ReservationOutcome, StoreRefusal>> {
  return store.reserveRelay({
    ...held,
    projectId: project.id,
    revision: project.revision,
    userId: claims.userId,
    sessionId: claims.sessionId,
    network: body.network,
    policyVersion,
    sponsor,
    idempotencyKey,
    messageHash: await hash.sha256(transaction.message),
    transaction: base64.decode(body.transaction),
    accounts: transaction.accounts,
    fee: cost.fee,
    rent: 0n,
  });
}

async function replay(
  { store }: Ports,
  { projectId, userId }: AccessClaims,
  { relayId, refusal }: Extract<ReservationOutcome, { outcome: "replay" }>,
): Promise<RelayAnswer> {
  if (refusal) return { ...refusal, isReplay: true };
  const found = await store.readRelay(projectId, userId, relayId);
  if (!found?.signedAt) throw stillMoving();
  return { status: 202, body: JSON.stringify(viewAccepted(found.relay, found.signedAt)), isReplay: true };
}

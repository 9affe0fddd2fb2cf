import { canonicalJson } from "../../domain/canonical-json.ts";
import type { ReadTransaction } from "../../domain/chain-transaction.ts";
import type { Project } from "../../domain/project.ts";
import type { Refusal } from "../../domain/refusal.ts";
import type { Result } from "../../domain/result.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { Reservation, ReservationOutcome, StoreRefusal } from "../../domain/reservation.ts";
import type { AccessClaims } from "../../domain/session.ts";
import { readProjectAgain } from "../projects/find-project.ts";
import { requireNetwork } from "../projects/require-network.ts";
import { completeRelay, stillMoving } from "./complete-relay.ts";
import { type CaseFile, decisionIn, recordRefusal } from "./record-decision.ts";
import { partsOf, readTransaction, withLinkedWallets } from "./read-transaction.ts";
import type { RelayAnswer, RelayIntent } from "./relay-intent.ts";
import { settleRelays } from "./settle-relays.ts";
import { startStage, timed } from "./stages.ts";
import { viewAccepted } from "./view-relay.ts";

/**
 * Decides on, reserves, signs and starts one sponsored transaction. Nothing is signed before every limit holds it,
 * and nothing is sent before `signed` is in SQL. Idempotent by key.
 */
export async function sponsorRelay(ports: Ports, intent: RelayIntent): Promise<RelayAnswer> {
  const { network } = intent.body;
  const caseFile: CaseFile = { parts: [], policyVersion: undefined, read: undefined };
  try {
    const fingerprint = await ports.hash.sha256(new TextEncoder().encode(canonicalJson(intent.body)));
    const answer = await decide(ports, intent, fingerprint, caseFile, true);
    if (!answer.isReplay)
      ports.metrics.count("gasless_relay_decisions_total", { network, verdict: "sponsor", code: "" });
    return answer;
  } catch (error) {
    const refusal = decisionIn(error);
    if (refusal) {
      ports.metrics.count("gasless_relay_decisions_total", { network, verdict: "refuse", code: refusal.code });
      ports.background(recordRefusal(ports, intent, refusal, caseFile));
    }
    // What a fault may have left behind is the sweeper's to end.
    const isFault = !(error instanceof AppError) || error.status >= 500;
    if (isFault) ports.background(ports.wake(network));
    throw error;
  }
}

async function decide(
  ports: Ports,
  intent: RelayIntent,
  fingerprint: Uint8Array,
  caseFile: CaseFile,
  mayRetry: boolean,
): Promise<RelayAnswer> {
  const { project, claims, body } = intent;
  const network = requireNetwork(ports, project, body.network);
  const again = (current: Project): Promise<RelayAnswer> =>
    decide(ports, { ...intent, project: current }, fingerprint, caseFile, false);
  const retry = mayRetry ? again : undefined;
  const { settings, chain } = network;
  const judging = startStage(ports, "judge");
  caseFile.parts = partsOf(chain, body);
  caseFile.policyVersion = settings.policy?.version;
  const decoded = readTransaction(chain, settings, claims.wallet, caseFile.parts);
  if (!decoded.ok) return refuseUnlessKnown(ports, intent, fingerprint, decoded.reason, retry);
  const read = await withLinkedWallets(ports.store, { ...claims, network: body.network }, decoded.value);
  caseFile.read = read;
  const refusal = await read.judge();
  judging();
  if (refusal) return refuseUnlessKnown(ports, intent, fingerprint, refusal, retry);

  const leaseToken = ports.random.uuid();
  const relayId = ports.random.id("rly");
  // Both at once; what the simulation says is looked at only when everything is held.
  const simulating = settled(timed(ports, "simulate", read.simulate()));
  const held = { relayId, leaseToken, fingerprint, policyVersion: settings.policy?.version ?? 0 };
  const reserving = reserve(ports, intent, read, held);
  const reservation = await timed(ports, "reserve", reserving);
  if (!reservation.ok) {
    if (reservation.reason.kind === "refused") throw toAppError(reservation.reason.refusal);
    if (!retry) throw stillMoving();
    return retry(await readProjectAgain(ports, project, claims.origin));
  }
  if (reservation.value.outcome === "replay") return replay(ports, claims, reservation.value);
  if (reservation.value.outcome === "abandoned") {
    if (!retry) throw stillMoving();
    await settleRelays(ports, body.network, reservation.value.relayId);
    return retry(project);
  }
  return completeRelay(ports, intent, network, read, {
    relayId,
    leaseToken,
    createdAt: reservation.value.createdAt,
    simulated: await simulating,
  });
}

/**
 * What was accepted under this key before is still its answer, whatever the policy says by now; and a refusal by what an
 * isolate remembers of a project counts only while the project is still that.
 */
async function refuseUnlessKnown(
  ports: Ports,
  intent: RelayIntent,
  fingerprint: Uint8Array,
  refusal: Refusal,
  retry: ((current: Project) => Promise<RelayAnswer>) | undefined,
): Promise<RelayAnswer> {
  const { project, claims, idempotencyKey } = intent;
  const { revision, known } = await ports.store.findKey(project.id, claims.userId, idempotencyKey, fingerprint);
  if (known?.outcome === "reused") {
    throw new AppError("idempotency.key_reused", "This idempotency key was used with another body.");
  }
  // The first request may still be sponsored: nobody is told for good that it is not.
  if (known?.outcome === "running") throw inProgress();
  if (known?.outcome === "replay") return replay(ports, claims, known);
  if (retry && revision !== project.revision) return retry(await readProjectAgain(ports, project, claims.origin));
  throw toAppError(refusal);
}

function inProgress(): AppError {
  return new AppError("idempotency.in_progress", "The first request with this idempotency key is still running.", {
    retryAfterSeconds: 1,
  });
}

async function settled<Value>(work: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  const [outcome] = await Promise.allSettled([work]);
  return outcome;
}

async function reserve(
  { hash, store }: Ports,
  { project, claims, idempotencyKey, body }: RelayIntent,
  { identity, cost, sponsor, keys, allotments, wire }: ReadTransaction,
  held: Pick<Reservation, "relayId" | "leaseToken" | "fingerprint" | "policyVersion">,
): Promise<Result<ReservationOutcome, StoreRefusal>> {
  return store.reserveRelay({
    ...held,
    projectId: project.id,
    revision: project.revision,
    userId: claims.userId,
    sessionId: claims.sessionId,
    network: body.network,
    sponsor,
    idempotencyKey,
    messageHash: await hash.sha256(identity),
    transaction: wire,
    accounts: keys,
    allotments,
    fee: cost.fee,
    rent: cost.rent,
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

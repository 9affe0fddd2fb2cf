import { base64 } from "@scure/base";
import type { RelayRequest } from "../../contract/index.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import type { Project } from "../../domain/project.ts";
import type { Refusal } from "../../domain/refusal.ts";
import type { Result } from "../../domain/result.ts";
import { judgeSimulation, type Simulation } from "../../domain/simulation.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { AccessClaims, Ports, RefusalStatus, ReservationOutcome, StoreRefusal } from "../../ports.ts";
import { assertActive, findProjectById } from "../projects/find-project.ts";
import { requireNetwork, type ServedNetwork } from "../projects/require-network.ts";
import { type JudgedTransaction, judgeTransaction } from "./judge-transaction.ts";
import { sendRelay } from "./send-relay.ts";
import { settleRelays } from "./settle-relays.ts";
import { viewAccepted } from "./view-relay.ts";

export interface RelayIntent {
  readonly project: Project;
  readonly claims: AccessClaims;
  readonly idempotencyKey: string;
  readonly body: RelayRequest;
  /** The answer that a refusal gets, so that the same key can be given it again. */
  readonly render: (error: AppError) => string;
}

export interface RelayAnswer {
  readonly status: 202 | RefusalStatus;
  /** JSON text. */
  readonly body: string;
  readonly isReplay: boolean;
}

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
    if (known?.outcome === "reused")
      throw new AppError("idempotency.key_reused", "This idempotency key was used with another body.");
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
    return decide(ports, { ...intent, project: await readAgain(ports, project, claims) }, fingerprint, false);
  }
  if (reservation.value.outcome === "replay") return replay(ports, claims, reservation.value);
  if (reservation.value.outcome === "abandoned") {
    if (!mayRetry) throw stillMoving();
    await settleRelays(ports, body.network, reservation.value.relayId);
    return decide(ports, intent, fingerprint, false);
  }
  return complete(ports, intent, network, judged.value, {
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

interface Held {
  readonly relayId: string;
  readonly leaseToken: string;
  readonly createdAt: Date;
  readonly simulated: PromiseSettledResult<Result<Simulation, Refusal>>;
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

/** The row exists and nothing is signed: from here every way out either signs, rejects or abandons it. */
async function complete(
  ports: Ports,
  intent: RelayIntent,
  { chain, settings }: ServedNetwork,
  { transaction, cost, sponsor }: JudgedTransaction,
  { relayId, leaseToken, createdAt, simulated }: Held,
): Promise<RelayAnswer> {
  const { store, signers } = ports;
  const abandonAndThrow = async (error: unknown): Promise<never> => {
    await store
      .abandonRelay(relayId, leaseToken)
      .catch((cause: unknown) => ports.log.warn("relay.abandon_failed", { relayId, cause }));
    throw error;
  };
  if (simulated.status === "rejected") return abandonAndThrow(simulated.reason);
  const simulation = simulated.value;
  const refusal = simulation.ok ? judgeSimulation(simulation.value, settings.sponsorPool, cost.fee) : simulation.reason;
  if (refusal) {
    const error = toAppError(refusal);
    const { status } = error;
    if (status !== 403 && status !== 409 && status !== 422) return abandonAndThrow(error);
    await store.rejectRelay(relayId, leaseToken, refusal, status, intent.render(error));
    throw error;
  }
  const blockHeight = simulation.ok ? simulation.value.blockHeight : 0n;
  const signature = await signers.sign(sponsor, transaction.message).catch(abandonAndThrow);
  const { wire, transactionId } = chain.attachSignature(transaction, signature);
  const lifetimeEndHeight = blockHeight + BLOCKHASH_LIFE;
  const signedAt = await store.markSigned({ relayId, leaseToken, transaction: wire, transactionId, lifetimeEndHeight });
  if (!signedAt) throw stillMoving();

  ports.background(sendRelay(ports, chain, { relayId, network: intent.body.network, wire }));
  const relay = viewAccepted(
    {
      id: relayId,
      network: intent.body.network,
      state: "signed",
      transactionId,
      quotedFee: cost.fee,
      quotedRent: 0n,
      chargedFee: null,
      chargedRent: null,
      failure: null,
      slot: null,
      createdAt,
      updatedAt: signedAt,
    },
    signedAt,
  );
  return { status: 202, body: JSON.stringify(relay), isReplay: false };
}

/** Blocks for which a blockhash can be used. Source: Agave, MAX_PROCESSING_AGE. */
const BLOCKHASH_LIFE = 150n;

function stillMoving(): AppError {
  return new AppError(
    "store.unavailable",
    "The relay could not be reserved in time. Send it again with the same key.",
    {
      retryAfterSeconds: 1,
    },
  );
}

async function readAgain(ports: Ports, { id }: Project, claims: AccessClaims): Promise<Project> {
  ports.projects.forget(id);
  const { project } = await findProjectById(ports, id);
  assertActive(project);
  if (!project.origins.includes(claims.origin)) {
    throw new AppError("project.origin_not_allowed", "The origin of this session may no longer use the project.");
  }
  return project;
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

import type { Refusal } from "../../domain/refusal.ts";
import type { Result } from "../../domain/result.ts";
import { judgeSimulation, type Simulation } from "../../domain/simulation.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { ServedNetwork } from "../projects/require-network.ts";
import type { JudgedTransaction } from "./judge-transaction.ts";
import type { RelayAnswer, RelayIntent } from "./relay-intent.ts";
import { sendRelay } from "./send-relay.ts";
import { viewAccepted } from "./view-relay.ts";

/** Blocks for which a blockhash can be used. Source: Agave, MAX_PROCESSING_AGE. */
const BLOCKHASH_LIFE = 150n;

/** A relay whose row is `received`, and what the node said of it meanwhile. */
export interface ReservedRelay {
  readonly relayId: string;
  readonly leaseToken: string;
  readonly createdAt: Date;
  readonly simulated: PromiseSettledResult<Result<Simulation, Refusal>>;
}

/** The row exists and nothing is signed: from here every way out either signs, rejects or abandons it. */
export async function completeRelay(
  ports: Ports,
  intent: RelayIntent,
  { chain, settings }: ServedNetwork,
  { transaction, cost, sponsor }: JudgedTransaction,
  { relayId, leaseToken, createdAt, simulated }: ReservedRelay,
): Promise<RelayAnswer> {
  const { store, signers } = ports;
  const abandonAndThrow = async (error: unknown): Promise<never> => {
    await store
      .abandonRelay(relayId, leaseToken)
      .catch((cause: unknown) => ports.log.warn("relay.abandon_failed", { relayId, cause }));
    throw error;
  };
  const refuseAndThrow = async (refusal: Refusal): Promise<never> => {
    const error = toAppError(refusal);
    const { status } = error;
    if (status !== 403 && status !== 409 && status !== 422) return abandonAndThrow(error);
    await store.rejectRelay(relayId, leaseToken, refusal, status, intent.render(error));
    throw error;
  };

  if (simulated.status === "rejected") return abandonAndThrow(simulated.reason);
  const simulation = simulated.value;
  if (!simulation.ok) return refuseAndThrow(simulation.reason);
  const refusal = judgeSimulation(simulation.value, settings.sponsorPool, cost.fee);
  if (refusal) return refuseAndThrow(refusal);

  const signature = await signers.sign(sponsor, transaction.message).catch(abandonAndThrow);
  const { wire, transactionId } = chain.attachSignature(transaction, signature);
  const lifetimeEndHeight = simulation.value.blockHeight + BLOCKHASH_LIFE;
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

/** Somebody else has the relay, or had it a moment ago: the same key and body will find out. */
export function stillMoving(): AppError {
  return new AppError(
    "store.unavailable",
    "The relay could not be reserved in time. Send it again with the same key.",
    {
      retryAfterSeconds: 1,
    },
  );
}

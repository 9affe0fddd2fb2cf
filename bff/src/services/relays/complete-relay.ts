import type { Refusal } from "../../domain/refusal.ts";
import type { Result } from "../../domain/result.ts";
import type { Simulation } from "../../domain/simulation.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { ServedNetwork } from "../projects/require-network.ts";
import { judgeOutcome, type ReadTransaction } from "./judge-transaction.ts";
import type { RelayAnswer, RelayIntent } from "./relay-intent.ts";
import { sendRelay } from "./send-relay.ts";
import { timed } from "./stages.ts";
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
  read: ReadTransaction,
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
  const { refusal, resolved } = judgeOutcome(read, simulation.value, settings);
  if (refusal) return refuseAndThrow(refusal);

  const { transaction, cost, sponsor } = read;
  const signature = await timed(ports, "sign", signers.sign(sponsor, transaction.message)).catch(abandonAndThrow);
  const { wire, transactionId } = chain.attachSignature(transaction, signature);
  const marking = store.markSigned({
    relayId,
    leaseToken,
    requestId: intent.requestId,
    wallet: intent.claims.wallet,
    accounts: resolved.keys,
    transaction: wire,
    transactionId,
    lifetimeEndHeight: simulation.value.blockHeight + BLOCKHASH_LIFE,
  });
  const marked = await timed(ports, "mark_signed", marking);
  if (!marked.ok) {
    return marked.reason.kind === "refused" ? refuseAndThrow(marked.reason.refusal) : abandonAndThrow(stillMoving());
  }
  const signedAt = marked.value;
  if (!signedAt) throw stillMoving();

  ports.background(sendRelay(ports, chain, { relayId, network: intent.body.network, wire }));
  const relay = viewAccepted(
    {
      id: relayId,
      network: intent.body.network,
      state: "signed",
      transactionId,
      quotedFee: cost.fee,
      quotedRent: cost.rent,
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

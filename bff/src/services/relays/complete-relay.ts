import type { ReadTransaction, SimulatedTransaction } from "../../domain/chain-transaction.ts";
import type { Refusal } from "../../domain/refusal.ts";
import type { Result } from "../../domain/result.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { ServedNetwork } from "../projects/require-network.ts";
import { floorOf } from "./read-transaction.ts";
import type { RelayAnswer, RelayIntent } from "./relay-intent.ts";
import { sendRelay } from "./send-relay.ts";
import { timed } from "./stages.ts";
import { viewAccepted } from "./view-relay.ts";

/** A relay whose row is `received`, and what the node said of it meanwhile. */
export interface ReservedRelay {
  readonly relayId: string;
  readonly leaseToken: string;
  readonly createdAt: Date;
  readonly simulated: PromiseSettledResult<Result<SimulatedTransaction, Refusal>>;
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
  if (!simulated.value.ok) return refuseAndThrow(simulated.value.reason);
  const { keys, lifetimeEnd, judge } = simulated.value.value;
  const refusal = judge(floorOf(read, settings));
  if (refusal) return refuseAndThrow(refusal);

  const { cost, sponsor, sponsorMessage } = read;
  const signature = await timed(ports, "sign", signers.sign(sponsor, sponsorMessage)).catch(abandonAndThrow);
  const transaction = read.attachSignature(signature);
  const marking = store.markSigned({
    relayId,
    leaseToken,
    requestId: intent.requestId,
    wallet: intent.claims.wallet,
    accounts: keys,
    transaction,
    lifetimeEnd,
  });
  const marked = await timed(ports, "mark_signed", marking);
  if (!marked.ok) {
    return marked.reason.kind === "refused" ? refuseAndThrow(marked.reason.refusal) : abandonAndThrow(stillMoving());
  }
  const signedAt = marked.value;
  if (!signedAt) throw stillMoving();

  ports.background(sendRelay(ports, chain, { relayId, network: intent.body.network, wire: transaction.wire }));
  const relay = viewAccepted(
    {
      id: relayId,
      network: intent.body.network,
      state: "signed",
      names: transaction,
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

import { parseChallengeId } from "../../domain/challenge.ts";
import { callerSubject } from "../../domain/client-address.ts";
import type { Project } from "../../domain/project.ts";
import { AppError } from "../../errors.ts";
import type { AccessClaims, LimitCheck, LimitState, Ports } from "../../ports.ts";

export const LIMIT_WINDOW_SECONDS = 60;

export interface Taker {
  readonly project: Project;
  readonly claims: AccessClaims | undefined;
  /** The address that the runtime saw. */
  readonly clientAddress: string;
  /** What the body says of a challenge, unchecked; what is known of it is read in the same wait. */
  readonly challengeId: unknown;
}

/** What a user does so often at most, besides what an address and a project may. */
export type LimitedCall = "reading" | "relay" | "explain";
/** An explanation asks a node and the ledger, as a relay does, and costs its asker nothing. */
const EXPLANATIONS_PER_MINUTE = 60;

function checksOf({ project, claims, clientAddress }: Taker, call: LimitedCall): LimitCheck[] {
  const address = `${project.id} ${callerSubject(clientAddress)}`;
  return [
    { name: "address", subject: address, perMinute: project.addressRequestsPerMinute },
    { name: "key", subject: project.id, perMinute: project.keyRequestsPerMinute },
    ...(call === "reading" || !claims ? [] : [ofUser(project, claims, call)]),
  ];
}

function ofUser(project: Project, { userId }: AccessClaims, call: "relay" | "explain"): LimitCheck {
  const subject = `${project.id} ${userId}`;
  return call === "relay"
    ? { name: "user", subject, perMinute: project.userRelaysPerMinute }
    : { name: "explain", subject, perMinute: EXPLANATIONS_PER_MINUTE };
}

/**
 * Takes one from every limit of the caller and gives the tightest. Reading and signing in go on, more slowly, while
 * the limiter is away; sponsoring does not.
 * @throws store.unavailable for a relay
 */
export async function takeLimits(
  { limiter }: Pick<Ports, "limiter">,
  taker: Taker,
  call: LimitedCall,
): Promise<{ tightest: LimitState | undefined; isNonceBurnt: boolean }> {
  const { challengeId } = taker;
  const nonce = typeof challengeId === "string" ? parseChallengeId(challengeId)?.text : undefined;
  const { states, isNonceBurnt } = await limiter.take(
    checksOf(taker, call),
    nonce,
    call === "relay" ? "closed" : "open",
  );
  return { tightest: states.toSorted((left, right) => left.remaining - right.remaining)[0], isNonceBurnt };
}

/** @throws rate.limited */
export function assertWithinLimit({ name, limit, remaining, resetSeconds }: LimitState): void {
  if (remaining >= 0) return;
  throw new AppError("rate.limited", `Too many requests: at most ${limit} in ${LIMIT_WINDOW_SECONDS} seconds.`, {
    retryAfterSeconds: resetSeconds,
    context: { limit: name, perMinute: limit },
  });
}

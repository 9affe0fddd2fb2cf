import { parseChallengeId } from "../../domain/challenge.ts";
import { callerSubject } from "../../domain/client-address.ts";
import type { Project } from "../../domain/project.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { ManageRateClass } from "../../contract/manage/routes.ts";
import type { LimitCheck, LimiterAnswer, LimitState } from "../../domain/limits.ts";
import type { Possession } from "../../domain/possession.ts";
import type { AccessClaims } from "../../domain/session.ts";

export const LIMIT_WINDOW_SECONDS = 60;

export interface Taker {
  readonly project: Project;
  /** Of a publishable key; undefined where a token says who calls. */
  readonly keyId: string | undefined;
  readonly claims: AccessClaims | undefined;
  /** The address that the runtime saw. */
  readonly clientAddress: string;
  /** What the body says of a challenge, unchecked; what is known of it is read in the same wait. */
  readonly challengeId: unknown;
  readonly possession: Possession | undefined;
}

/** What kind of call it is; each kind has a limit of its own besides those of address, key and project. */
export type RouteClass = "public" | "sign-in" | "reading" | "prepare" | "relay" | "explain";
/** What one user reads. A page asks a few times for each relay, and may wait for the answer. */
const READS_PER_MINUTE = 1_200;
/** For each relay that a user may have: a preparation asks nodes, and some are never signed. */
const PREPARATIONS_A_RELAY = 2;
/** An explanation asks a node and the ledger, as a relay does, and costs its asker nothing. */
const EXPLANATIONS_PER_MINUTE = 60;
/** Keys that nobody has, of one address in one isolate: each is a question to SQL, which guessing would ask without end. */
const UNKNOWN_KEYS_PER_MINUTE = 600;

function checksOf(taker: Taker, routeClass: RouteClass): LimitCheck[] {
  const { project, keyId, clientAddress } = taker;
  const address = `${project.id} ${callerSubject(clientAddress)}`;
  return [
    { name: "address", subject: address, perMinute: project.addressRequestsPerMinute },
    { name: "project", subject: project.id, perMinute: project.requestsPerMinute },
    ...(keyId === undefined ? [] : [{ name: "key", subject: keyId, perMinute: project.keyRequestsPerMinute } as const]),
    ...ofClass(taker, address, routeClass),
  ];
}

function ofClass({ project, claims }: Taker, address: string, routeClass: RouteClass): LimitCheck[] {
  if (routeClass === "sign-in")
    return [{ name: "sign-in", subject: address, perMinute: project.addressSignInsPerMinute }];
  if (!claims) return [];
  const subject = `${project.id} ${claims.userId}`;
  if (routeClass === "relay") return [{ name: "user", subject, perMinute: project.userRelaysPerMinute }];
  if (routeClass === "prepare") {
    return [{ name: "prepare", subject, perMinute: PREPARATIONS_A_RELAY * project.userRelaysPerMinute }];
  }
  if (routeClass === "explain") return [{ name: "explain", subject, perMinute: EXPLANATIONS_PER_MINUTE }];
  return [{ name: "reading", subject, perMinute: READS_PER_MINUTE }];
}

/**
 * Takes one from every limit of the caller and gives the tightest. Reading and signing in go on, more slowly, while
 * the limiter is away; sponsoring does not.
 * @throws store.unavailable for a relay
 */
export async function takeLimits(
  { limiter }: Pick<Ports, "limiter">,
  taker: Taker,
  routeClass: RouteClass,
): Promise<Omit<LimiterAnswer, "states"> & { readonly tightest: LimitState | undefined }> {
  const { challengeId, possession } = taker;
  const nonce = typeof challengeId === "string" ? parseChallengeId(challengeId)?.text : undefined;
  const { states, ...known } = await limiter.take(
    { checks: checksOf(taker, routeClass), nonce, possession, isSignedIn: taker.claims !== undefined },
    routeClass === "relay" ? "closed" : "open",
  );
  return { ...known, tightest: states.toSorted((left, right) => left.remaining - right.remaining)[0] };
}

const MANAGE_PER_MINUTE: Readonly<Record<ManageRateClass, number>> = {
  "manage-read": 1_200,
  "manage-write": 600,
  "manage-heavy": 120,
};
const MANAGE_CALLS_OF_AN_ADDRESS = 6_000;
/** Of one project, by all its keys and members: another key would else be another limit. */
const HEAVY_CALLS_TOGETHER = 240;

/** Takes one from the limits of somebody who manages; goes on, more slowly, while the limiter is away: a leak must be shut. */
export async function takeManageLimits(
  { limiter }: Pick<Ports, "limiter">,
  { subject, clientAddress, possession }: { readonly subject: string } & Pick<Taker, "clientAddress" | "possession">,
  rateClass: ManageRateClass,
): Promise<{ readonly tightest: LimitState | undefined; readonly isReplay: boolean }> {
  const checks: LimitCheck[] = [
    { name: "address", subject: `manage ${callerSubject(clientAddress)}`, perMinute: MANAGE_CALLS_OF_AN_ADDRESS },
    { name: rateClass, subject, perMinute: MANAGE_PER_MINUTE[rateClass] },
  ];
  const request = { checks, nonce: undefined, possession, isSignedIn: true };
  const { states, isReplay } = await limiter.take(request, "open");
  return { tightest: states.toSorted((left, right) => left.remaining - right.remaining)[0], isReplay };
}

/** Takes one from what everybody who works on the same has together, when it is known that the caller may. */
export async function takeSharedLimit({ limiter }: Pick<Ports, "limiter">, subject: string) {
  const checks: LimitCheck[] = [{ name: "manage-heavy-shared", subject, perMinute: HEAVY_CALLS_TOGETHER }];
  const request = { checks, nonce: undefined, possession: undefined, isSignedIn: true };
  const { states } = await limiter.take(request, "open");
  return states[0];
}

/** @throws rate.limited */
export function assertWithinLimit({ name, limit, remaining, resetSeconds }: LimitState): void {
  if (remaining >= 0) return;
  throw new AppError("rate.limited", `Too many requests: at most ${limit} in ${LIMIT_WINDOW_SECONDS} seconds.`, {
    retryAfterSeconds: resetSeconds,
    context: { limit: name, perMinute: limit },
  });
}

const unknownKeysOf = (clientAddress: string): LimitCheck => ({
  name: "address",
  subject: callerSubject(clientAddress),
  perMinute: UNKNOWN_KEYS_PER_MINUTE,
});

/** Before a key is looked up that this isolate does not remember: it counts as unknown. @throws rate.limited */
export function countLookup({ limiter }: Pick<Ports, "limiter">, clientAddress: string): void {
  assertWithinLimit(limiter.countLookup(unknownKeysOf(clientAddress), 1));
}

/** It was known after all. */
export function forgetLookup({ limiter }: Pick<Ports, "limiter">, clientAddress: string): void {
  limiter.countLookup(unknownKeysOf(clientAddress), -1);
}

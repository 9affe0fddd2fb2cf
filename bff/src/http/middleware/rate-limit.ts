import { createMiddleware } from "hono/factory";
import { parseChallengeId } from "../../domain/challenge.ts";
import { AppError } from "../../errors.ts";
import type { LimitCheck, LimitState } from "../../ports.ts";
import { type AppContext, type AppEnv, portsOf } from "../context.ts";
import { peekBody } from "../parse.ts";

const WINDOW_SECONDS = 60;

/** One household of IPv6 addresses is a /64. */
function subjectOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head.split(":");
  const missing = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length) }, () => "0");
  return `${[...groups, ...missing].slice(0, 4).join(":")}::/64`;
}

function checksOf(context: AppContext, isRelay: boolean): LimitCheck[] {
  const { project } = context.get("caller");
  const claims = context.get("claims");
  const address = `${project.id} ${subjectOf(context.env.deployment.clientAddress)}`;
  return [
    { name: "address", subject: address, perMinute: project.addressRequestsPerMinute },
    { name: "key", subject: project.id, perMinute: project.keyRequestsPerMinute },
    ...(isRelay && claims
      ? [{ name: "user" as const, subject: `${project.id} ${claims.userId}`, perMinute: project.userRelaysPerMinute }]
      : []),
  ];
}

const tightest = (states: readonly LimitState[]): LimitState | undefined =>
  states.toSorted((left, right) => left.remaining - right.remaining)[0];

function limitBy(isRelay: boolean) {
  return createMiddleware<AppEnv>(async function rateLimit(context, next) {
    const challengeId = context.req.path === "/v1/sessions" ? peekBody(context)?.["challengeId"] : undefined;
    const nonce = typeof challengeId === "string" ? parseChallengeId(challengeId)?.text : undefined;
    const { states, isNonceBurnt } = await portsOf(context).limiter.take(
      checksOf(context, isRelay),
      nonce,
      isRelay ? "closed" : "open",
    );
    context.set("isNonceBurnt", isNonceBurnt);
    const state = tightest(states);
    if (state) {
      const { name, limit, remaining, resetSeconds } = state;
      context.header("RateLimit-Policy", `"${name}";q=${limit};w=${WINDOW_SECONDS}`);
      context.header("RateLimit", `"${name}";r=${Math.max(0, remaining)};t=${resetSeconds}`);
      if (remaining < 0) {
        throw new AppError("rate.limited", `Too many requests: at most ${limit} in ${WINDOW_SECONDS} seconds.`, {
          retryAfterSeconds: resetSeconds,
          context: { limit: name, perMinute: limit },
        });
      }
    }
    await next();
  });
}

/** Reading and signing in go on, more slowly, while the limiter is away. */
export const rateLimit = limitBy(false);

/** Sponsoring does not. */
export const relayRateLimit = limitBy(true);

import { createMiddleware } from "hono/factory";
import {
  assertWithinLimit,
  LIMIT_WINDOW_SECONDS,
  type LimitedCall,
  takeLimits,
} from "../../services/limits/take-limits.ts";
import { type AppEnv, portsOf } from "../context.ts";
import { peekBody } from "../parse.ts";

function limitBy(kind: "sign-in" | LimitedCall) {
  return createMiddleware<AppEnv>(async function rateLimit(context, next) {
    const taker = {
      project: context.get("caller").project,
      claims: context.get("claims"),
      clientAddress: context.env.deployment.clientAddress,
      challengeId: kind === "sign-in" ? peekBody(context)?.["challengeId"] : undefined,
    };
    const { tightest, isNonceBurnt } = await takeLimits(portsOf(context), taker, kind === "sign-in" ? "reading" : kind);
    context.set("isNonceBurnt", isNonceBurnt);
    if (tightest) {
      const { name, limit, remaining, resetSeconds } = tightest;
      context.header("RateLimit-Policy", `"${name}";q=${limit};w=${LIMIT_WINDOW_SECONDS}`);
      context.header("RateLimit", `"${name}";r=${Math.max(0, remaining)};t=${resetSeconds}`);
      assertWithinLimit(tightest);
    }
    await next();
  });
}

export const rateLimit = limitBy("reading");

/** Also reads what is known of the challenge that the body names. */
export const signInRateLimit = limitBy("sign-in");

/** Also counts the user's relays, and lets nothing through while the limiter is away. */
export const relayRateLimit = limitBy("relay");

/** Also counts the user's questions, apart from the relays. */
export const explainRateLimit = limitBy("explain");

import { createMiddleware } from "hono/factory";
import { proofInvalid } from "../../services/auth/possession.ts";
import {
  assertWithinLimit,
  LIMIT_WINDOW_SECONDS,
  type RouteClass,
  takeLimits,
} from "../../services/limits/take-limits.ts";
import { type AppEnv, portsOf } from "../context.ts";
import { peekBody } from "../parse.ts";

/** Counts a call by its kind. What is known of its challenge and of its proof of possession is asked in the same wait. */
export const rateLimit = (routeClass: RouteClass) =>
  createMiddleware<AppEnv>(async function rateLimit(context, next) {
    const { project, keyId } = context.get("caller");
    const taker = {
      project,
      keyId: keyId ?? undefined,
      claims: context.get("claims"),
      clientAddress: context.env.deployment.clientAddress,
      challengeId: routeClass === "sign-in" ? peekBody(context)?.["challengeId"] : undefined,
      possession: context.get("possession"),
    };
    const { tightest, isNonceBurnt, isReplay } = await takeLimits(portsOf(context), taker, routeClass);
    context.set("isNonceBurnt", isNonceBurnt);
    if (tightest) {
      const { name, limit, remaining, resetSeconds } = tightest;
      context.header("RateLimit-Policy", `"${name}";q=${limit};w=${LIMIT_WINDOW_SECONDS}`);
      context.header("RateLimit", `"${name}";r=${Math.max(0, remaining)};t=${resetSeconds}`);
      assertWithinLimit(tightest);
    }
    if (isReplay) throw proofInvalid("This proof was used before.");
    await next();
  });

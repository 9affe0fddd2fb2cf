import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../context.ts";

const METHODS = "GET, POST, DELETE, OPTIONS";
const REQUEST_HEADERS = "authorization, content-type, dpop, gasless-key, idempotency-key";
const EXPOSED_HEADERS =
  "Date, Request-Id, RateLimit, RateLimit-Policy, Retry-After, Idempotent-Replayed, WWW-Authenticate";
const PREFLIGHT_LIFE_SECONDS = "7200";

/** Lets a page read its answer, refusals too. It decides nothing: whether an origin may call is the origin middleware's. */
export const cors = createMiddleware<AppEnv>(async function cors(context, next) {
  const origin = context.req.header("Origin");
  context.header("Vary", "Origin");
  if (origin !== undefined && origin !== "null") context.header("Access-Control-Allow-Origin", origin);
  if (context.req.method !== "OPTIONS") {
    context.header("Access-Control-Expose-Headers", EXPOSED_HEADERS);
    return next();
  }
  context.header("Access-Control-Allow-Methods", METHODS);
  context.header("Access-Control-Allow-Headers", REQUEST_HEADERS);
  context.header("Access-Control-Max-Age", PREFLIGHT_LIFE_SECONDS);
  return context.body(null, 204);
});

/** Documents that any page may read. */
export const publicDocument = createMiddleware<AppEnv>(async function publicDocument(context, next) {
  context.header("Access-Control-Allow-Origin", "*");
  await next();
});

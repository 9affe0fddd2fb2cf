import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../context.ts";

const YEAR_SECONDS = 31_536_000;

/**
 * On every answer, JSON too: a browser that is led to one shows it in no frame, runs nothing in it and guesses no type. A
 * page of ours replaces the policy by its own. Over plain http browsers ignore HSTS. Source: OWASP Secure Headers.
 */
export const securityHeaders = createMiddleware<AppEnv>(async function securityHeaders(context, next) {
  context.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  context.header("Strict-Transport-Security", `max-age=${YEAR_SECONDS}`);
  context.header("X-Content-Type-Options", "nosniff");
  context.header("Referrer-Policy", "no-referrer");
  await next();
});

import { Hono } from "hono";
import { DOCS_CSP, DOCS_HTML } from "../../generated/docs.ts";
import { OPENAPI_JSON } from "../../generated/openapi.ts";
import { AppError } from "../../errors.ts";
import { checkReadiness } from "../../services/status/check-readiness.ts";
import { type AppEnv, portsOf } from "../context.ts";
import { publicDocument } from "../middleware/cors.ts";

const JWKS_LIFE_SECONDS = 300;

/** What anybody may ask: is it there, is it well, and how is it used. */
export const operationRoutes = new Hono<AppEnv>()
  .get("/live", (context) => context.json({ status: "live" }))
  .get("/ready", async (context) => {
    const states = await checkReadiness(portsOf(context), context.env.deployment.networks);
    context.header("Cache-Control", "no-store");
    const failed = states.filter(({ isUp }) => !isUp);
    if (failed.length === 0) return context.json({ status: "ready", dependencies: states.map(({ name }) => name) });
    const isStore = failed.some(({ name }) => name === "sql" || name === "redis");
    const names = failed.map(({ name, since }) => `${name} (since ${since})`).join(", ");
    throw new AppError(isStore ? "store.unavailable" : "upstream.rpc_unavailable", `Not ready: ${names}.`, {
      retryAfterSeconds: 5,
      context: { failed: failed.map(({ name, code, since }) => ({ name, code, since })) },
    });
  })
  .get("/.well-known/jwks.json", publicDocument, (context) => {
    context.header("Cache-Control", `public, max-age=${JWKS_LIFE_SECONDS}`);
    return context.json({ keys: portsOf(context).tokens.publicKeys() });
  })
  .get("/openapi.json", publicDocument, (context) => {
    context.header("Content-Type", "application/json");
    return context.body(OPENAPI_JSON.replaceAll("{api}", portsOf(context).api));
  })
  .get("/docs", (context) => {
    context.header("Content-Security-Policy", DOCS_CSP);
    return context.html(DOCS_HTML.replaceAll("{api}", portsOf(context).api));
  });

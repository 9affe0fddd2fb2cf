import { Hono } from "hono";
import { DOCS_CSP, DOCS_HTML } from "../../generated/docs.ts";
import { OPENAPI_JSON } from "../../generated/openapi.ts";
import { type AppEnv, portsOf } from "../context.ts";
import { publicDocument } from "../middleware/cors.ts";

/** What is the same for everybody may be kept for five minutes. */
const PUBLIC = "public, max-age=300";

/** What anybody may ask: is it there, is it well, and how is it used. */
export const operationRoutes = new Hono<AppEnv>()
  .get("/live", (context) => context.json({ status: "live" }))
  .get("/ready", async (context) => {
    const { ports, networks, checkReadiness } = context.env.deployment;
    return context.json({ status: "ready", dependencies: await checkReadiness(ports, networks) });
  })
  .get("/.well-known/jwks.json", publicDocument, (context) => {
    context.header("Cache-Control", PUBLIC);
    return context.json({ keys: portsOf(context).tokens.publicKeys() });
  })
  .get("/openapi.json", publicDocument, (context) => {
    context.header("Cache-Control", PUBLIC);
    context.header("Content-Type", "application/json");
    return context.body(OPENAPI_JSON.replaceAll("{api}", portsOf(context).api));
  })
  .get("/docs", (context) => {
    context.header("Cache-Control", PUBLIC);
    context.header("Content-Security-Policy", DOCS_CSP);
    return context.html(DOCS_HTML.replaceAll("{api}", portsOf(context).api));
  });

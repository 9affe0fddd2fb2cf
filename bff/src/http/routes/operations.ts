import { Hono } from "hono";
import { assertMetricsReader, readMetrics } from "../../services/status/read-metrics.ts";
import { type AppContext, type AppEnv, portsOf } from "../context.ts";
import { publicDocument } from "../middleware/cors.ts";
import { answerTagged } from "../tagged.ts";

/** What is the same for everybody may be kept for five minutes. */
const PUBLIC = "public, max-age=300";

/**
 * A copy of the keys is at most nine minutes old, fourteen with the five that a backend may keep what it has read:
 * no key signs before it has been published for fifteen.
 */
const PUBLIC_KEYS = "public, max-age=300, stale-while-revalidate=60, stale-if-error=240";

/** A generated document, with this deployment's address in it. */
async function readDocument(context: AppContext, name: string): Promise<string> {
  const { assets, api } = portsOf(context);
  return (await assets.read(name)).replaceAll("{api}", api);
}

/** A page of the documentation. Their policy holds the hash of the style that they share, so it is made with them. */
async function answerPage(context: AppContext, name: string): Promise<Response> {
  const [page, policy] = await Promise.all([readDocument(context, name), portsOf(context).assets.read("docs.csp")]);
  context.header("Cache-Control", PUBLIC);
  context.header("Content-Security-Policy", policy);
  return context.html(page);
}

/** What anybody may ask: is it there, is it well, and how is it used. */
export const operationRoutes = new Hono<AppEnv>()
  .get("/live", (context) => context.json({ status: "live" }))
  .get("/ready", async (context) => {
    const { ports, networks, checkReadiness } = context.env.deployment;
    return context.json({ status: "ready", dependencies: await checkReadiness(ports, networks) });
  })
  .get("/metrics", async (context) => {
    await assertMetricsReader(portsOf(context), context.req.header("Authorization"));
    context.header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    return context.body(await readMetrics(portsOf(context), context.env.deployment.networks));
  })
  .get("/.well-known/jwks.json", publicDocument, (context) => {
    context.header("Cache-Control", PUBLIC_KEYS);
    const keys = portsOf(context).tokens.publicKeys();
    // A thumbprint is a hash of its key already.
    return answerTagged(context, keys.map(({ kid }) => kid).join("."), { keys });
  })
  .get("/openapi.json", publicDocument, async (context) => {
    // Read before anything is said of it: a document that is not there must not be kept.
    const document = await readDocument(context, "openapi.json");
    context.header("Cache-Control", PUBLIC);
    context.header("Content-Type", "application/json");
    return context.body(document);
  })
  .get("/docs", (context) => answerPage(context, "docs.html"))
  .get("/docs/guide", (context) => answerPage(context, "docs-guide.html"))
  .get("/docs/management", (context) => answerPage(context, "docs-management.html"));

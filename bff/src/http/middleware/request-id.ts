import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import { type AppEnv, portsOf } from "../context.ts";

/** A method is the client's to choose; what is none of these is counted together. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Gives every request its id and, when it is answered, one line in the log and one in the metrics. */
export const requestId = createMiddleware<AppEnv>(async function requestId(context, next) {
  const { random, clock, log, metrics } = portsOf(context);
  const id = random.id("req");
  context.set("requestId", id);
  context.set("startedAtMs", clock.nowMs());
  context.header("Request-Id", id);
  // Clients correct their clock by it; not every runtime adds it.
  context.header("Date", new Date(clock.nowMs()).toUTCString());
  context.header("Cache-Control", "no-store");
  await next();
  const { method } = context.req;
  const { status } = context.res;
  const route = routePath(context, -1);
  metrics.count("gasless_requests_total", {
    method: METHODS.has(method) ? method : "other",
    route,
    status: String(status),
  });
  log.info("request", {
    requestId: id,
    method,
    route,
    status,
    projectId: context.get("access")?.project?.id ?? context.get("caller")?.project.id,
    actorKind: context.get("manager")?.actor.kind,
    durationMs: clock.nowMs() - context.get("startedAtMs"),
  });
});

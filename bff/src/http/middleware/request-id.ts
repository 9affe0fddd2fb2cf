import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import { type AppEnv, portsOf } from "../context.ts";

/** Gives every request its id and, when it is answered, one line in the log. */
export const requestId = createMiddleware<AppEnv>(async function requestId(context, next) {
  const { random, clock, log } = portsOf(context);
  const id = random.id("req");
  context.set("requestId", id);
  context.set("startedAtMs", clock.nowMs());
  context.header("Request-Id", id);
  // Clients correct their clock by it; not every runtime adds it.
  context.header("Date", new Date(clock.nowMs()).toUTCString());
  context.header("X-Content-Type-Options", "nosniff");
  context.header("Cache-Control", "no-store");
  await next();
  log.info("request", {
    requestId: id,
    method: context.req.method,
    route: routePath(context, -1),
    status: context.res.status,
    projectId: context.get("caller")?.project.id,
    durationMs: clock.nowMs() - context.get("startedAtMs"),
  });
});

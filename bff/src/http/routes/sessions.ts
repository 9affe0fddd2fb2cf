import { Hono } from "hono";
import { AllowanceQuery, idOf } from "../../contract/index.ts";
import { AppError } from "../../errors.ts";
import { endAllSessions, endSession, listSessions, readCurrentSession } from "../../services/auth/sessions.ts";
import { readAllowance } from "../../services/budgets/read-allowance.ts";
import { type AppEnv, portsOf } from "../context.ts";
import { activeProject, callerByToken } from "../middleware/caller.ts";
import { origin } from "../middleware/origin.ts";
import { rateLimit } from "../middleware/rate-limit.ts";
import { parseQuery } from "../parse.ts";

const byToken = [callerByToken, origin, activeProject, rateLimit("reading")] as const;
const SessionId = idOf("ses");

/** What a signed-in user may see and end of their own. */
export const sessionRoutes = new Hono<AppEnv>()
  .get("/v1/sessions/current", ...byToken, async (context) =>
    context.json(await readCurrentSession(portsOf(context), context.get("claims"))),
  )
  .get("/v1/sessions", ...byToken, async (context) =>
    context.json(await listSessions(portsOf(context), context.get("claims"))),
  )
  .delete("/v1/sessions/current", ...byToken, async (context) => {
    const claims = context.get("claims");
    await endSession(portsOf(context), claims, claims.sessionId);
    return context.body(null, 204);
  })
  .delete("/v1/sessions/:id", ...byToken, async (context) => {
    const id = SessionId.safeParse(context.req.param("id"));
    if (!id.success) throw new AppError("request.not_found", "There is no such session.");
    await endSession(portsOf(context), context.get("claims"), id.data);
    return context.body(null, 204);
  })
  .delete("/v1/sessions", ...byToken, async (context) => {
    await endAllSessions(portsOf(context), context.get("claims"));
    return context.body(null, 204);
  })
  .get("/v1/allowance", ...byToken, async (context) => {
    const { network } = parseQuery(context, AllowanceQuery);
    const { project } = context.get("caller");
    return context.json(await readAllowance(portsOf(context), project, context.get("claims"), network));
  });

import { Hono } from "hono";
import { ChallengeRequest, RefreshRequest, SessionRequest } from "../../contract/index.ts";
import { issueChallenge } from "../../services/auth/issue-challenge.ts";
import { openSession } from "../../services/auth/open-session.ts";
import { refreshSession } from "../../services/auth/refresh-session.ts";
import { describeProject } from "../../services/projects/describe-project.ts";
import { type AppEnv, portsOf } from "../context.ts";
import { activeProject, callerByKey } from "../middleware/caller.ts";
import { jsonBody } from "../middleware/json-body.ts";
import { origin } from "../middleware/origin.ts";
import { rateLimit, signInRateLimit } from "../middleware/rate-limit.ts";
import { parseBody } from "../parse.ts";

const byKey = [callerByKey, origin, activeProject] as const;

/** What a page may call with its publishable key alone. */
export const signInRoutes = new Hono<AppEnv>()
  .get("/v1/config", ...byKey, rateLimit, (context) =>
    context.json(describeProject(portsOf(context), context.get("caller").project)),
  )
  .post("/v1/challenges", jsonBody, ...byKey, rateLimit, async (context) => {
    const body = parseBody(context, ChallengeRequest);
    const caller = { project: context.get("caller").project, origin: context.get("origin") };
    const challenge = await issueChallenge(portsOf(context), caller, body);
    return context.json(challenge, 201);
  })
  .post("/v1/sessions", jsonBody, ...byKey, signInRateLimit, async (context) => {
    const body = parseBody(context, SessionRequest);
    const { project, keyId } = context.get("caller");
    const caller = {
      project,
      keyId: keyId ?? "",
      origin: context.get("origin"),
      isNonceBurnt: context.get("isNonceBurnt"),
    };
    const tokens = await openSession(portsOf(context), caller, body);
    return context.json(tokens, 201);
  })
  .post("/v1/sessions/refresh", jsonBody, ...byKey, rateLimit, async (context) => {
    const { refreshToken } = parseBody(context, RefreshRequest);
    const { project, keyId } = context.get("caller");
    const caller = { project, keyId: keyId ?? "", origin: context.get("origin") };
    const tokens = await refreshSession(portsOf(context), caller, refreshToken);
    return context.json(tokens);
  });

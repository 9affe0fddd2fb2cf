import { Hono } from "hono";
import { ChallengeRequest, RefreshRequest, SessionRequest } from "../../contract/index.ts";
import { issueChallenge } from "../../services/auth/issue-challenge.ts";
import { openSession } from "../../services/auth/open-session.ts";
import { refreshSession } from "../../services/auth/refresh-session.ts";
import { describeProject } from "../../services/projects/describe-project.ts";
import { type AppContext, type AppEnv, portsOf } from "../context.ts";
import { activeProject, callerByKey, keyPossession } from "../middleware/caller.ts";
import { jsonBody } from "../middleware/json-body.ts";
import { origin } from "../middleware/origin.ts";
import { rateLimit } from "../middleware/rate-limit.ts";
import { parseBody } from "../parse.ts";

const byKey = [callerByKey, origin, activeProject] as const;
const byKeyWithProof = [jsonBody, ...byKey, keyPossession] as const;

/** What a page may call with its publishable key alone. */
export const signInRoutes = new Hono<AppEnv>()
  .get("/v1/config", ...byKey, rateLimit("public"), (context) =>
    context.json(describeProject(portsOf(context), context.get("caller").project)),
  )
  .post("/v1/challenges", ...byKeyWithProof, rateLimit("public"), async (context) => {
    const body = parseBody(context, ChallengeRequest);
    return context.json(await issueChallenge(portsOf(context), callerOf(context), body), 201);
  })
  .post("/v1/sessions", ...byKeyWithProof, rateLimit("sign-in"), async (context) => {
    const body = parseBody(context, SessionRequest);
    const caller = { ...callerOf(context), isNonceBurnt: context.get("isNonceBurnt") };
    return context.json(await openSession(portsOf(context), caller, body), 201);
  })
  .post("/v1/sessions/refresh", ...byKeyWithProof, rateLimit("public"), async (context) => {
    const { refreshToken } = parseBody(context, RefreshRequest);
    return context.json(await refreshSession(portsOf(context), callerOf(context), refreshToken));
  });

function callerOf(context: AppContext) {
  const { project, keyId } = context.get("caller");
  return {
    project,
    keyId: keyId ?? "",
    origin: context.get("origin"),
    keyThumbprint: context.get("possession")?.keyThumbprint,
  };
}

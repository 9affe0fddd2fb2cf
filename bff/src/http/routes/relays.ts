import { Hono } from "hono";
import { idOf, PrepareRequest, RelayListQuery, RelayQuery, RelayRequest } from "../../contract/index.ts";
import { AppError } from "../../errors.ts";
import { explainRelay } from "../../services/relays/explain-relay.ts";
import { prepareRelay } from "../../services/relays/prepare-relay.ts";
import { listRelays, readRelay } from "../../services/relays/read-relay.ts";
import { sponsorRelay } from "../../services/relays/sponsor-relay.ts";
import { type AppContext, type AppEnv, portsOf } from "../context.ts";
import { activeProject, callerByToken } from "../middleware/caller.ts";
import { jsonBody } from "../middleware/json-body.ts";
import { origin } from "../middleware/origin.ts";
import { renderProblem } from "../middleware/problem.ts";
import { rateLimit } from "../middleware/rate-limit.ts";
import { parseBody, parseQuery } from "../parse.ts";

const byToken = [callerByToken, origin, activeProject] as const;
const RelayId = idOf("rly");

/** 1 to 255 visible ASCII characters, taken as they are. @throws idempotency.key_missing, request.invalid */
function requireIdempotencyKey(context: AppContext): string {
  const key = context.req.header("Idempotency-Key");
  if (key === undefined || key === "") {
    throw new AppError("idempotency.key_missing", "Send an Idempotency-Key, new for each intent.");
  }
  if (!/^[!-~]{1,255}$/.test(key)) {
    throw new AppError("request.invalid", "The Idempotency-Key does not fit.", {
      errors: [{ pointer: "/headers/idempotency-key", detail: "must be 1 to 255 visible ASCII characters" }],
    });
  }
  return key;
}

export const relayRoutes = new Hono<AppEnv>()
  .post("/v1/relays/prepare", jsonBody, ...byToken, rateLimit("prepare"), async (context) => {
    const body = parseBody(context, PrepareRequest);
    const { project } = context.get("caller");
    return context.json(await prepareRelay(portsOf(context), project, context.get("claims"), body));
  })
  .post("/v1/relays", jsonBody, ...byToken, rateLimit("relay"), async (context) => {
    const idempotencyKey = requireIdempotencyKey(context);
    const body = parseBody(context, RelayRequest);
    const { project } = context.get("caller");
    const answer = await sponsorRelay(portsOf(context), {
      requestId: context.get("requestId"),
      project,
      claims: context.get("claims"),
      idempotencyKey,
      body,
      render: (error) => JSON.stringify(renderProblem(context, error)),
    });
    if (answer.isReplay) context.header("Idempotent-Replayed", "true");
    context.header("Content-Type", answer.status < 400 ? "application/json" : "application/problem+json");
    return context.body(answer.body, answer.status);
  })
  .post("/v1/relays/explain", jsonBody, ...byToken, rateLimit("explain"), async (context) => {
    const body = parseBody(context, RelayRequest);
    const { project } = context.get("caller");
    return context.json(await explainRelay(portsOf(context), project, context.get("claims"), body));
  })
  .get("/v1/relays", ...byToken, rateLimit("reading"), async (context) => {
    const query = parseQuery(context, RelayListQuery);
    return context.json(await listRelays(portsOf(context), context.get("claims"), query));
  })
  .get("/v1/relays/:id", ...byToken, rateLimit("reading"), async (context) => {
    const id = RelayId.safeParse(context.req.param("id"));
    const query = parseQuery(context, RelayQuery);
    if (!id.success) throw new AppError("relay.not_found", "There is no such relay of this user.");
    return context.json(await readRelay(portsOf(context), context.get("claims"), id.data, query));
  });

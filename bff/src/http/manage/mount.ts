import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { MANAGE_ROUTES, type ManageOperation, type ManageRoute } from "../../contract/manage/routes.ts";
import { AppError } from "../../errors.ts";
import type { LimitState } from "../../ports.ts";
import {
  assertWithinLimit,
  LIMIT_WINDOW_SECONDS,
  takeManageLimits,
  takeSharedLimit,
} from "../../services/limits/take-limits.ts";
import { proofInvalid } from "../../services/auth/possession.ts";
import { requireAccess, requireMore, type Target } from "../../services/manage/require-access.ts";
import { noteUse } from "../../services/manage/verify-caller.ts";
import { type AppContext, type AppEnv, portsOf } from "../context.ts";
import { jsonBody } from "../middleware/json-body.ts";
import { parseBody, parseQuery } from "../parse.ts";
import { consoleCaller, eitherCaller, manageCaller } from "./caller.ts";
import type { ManageCall } from "./handler.ts";
import { HANDLERS } from "./handlers.ts";

const callerOf = ({ consoleToken }: ManageRoute): typeof manageCaller => {
  if (consoleToken === undefined) return manageCaller;
  return consoleToken === "alone" ? consoleCaller : eitherCaller;
};

/** The parts of the path, each by its schema. What does not fit it is nowhere. @throws request.not_found */
function readParams(context: AppContext, { params }: ManageRoute): Readonly<Record<string, string>> {
  const entries = Object.entries(params).map(([name, schema]) => {
    const parsed = schema.safeParse(context.req.param(name));
    // SQL has no text with NUL in it: nothing is called that.
    if (!parsed.success || parsed.data.includes("\0"))
      throw new AppError("request.not_found", "There is no such thing, or it is not yours.");
    return [name, parsed.data] as const;
  });
  return Object.fromEntries(entries);
}

/** Whether the caller may, before anything is said of what is there. */
const access = (route: ManageRoute) =>
  createMiddleware<AppEnv>(async function access(context, next) {
    const { organizationId, projectId } = readParams(context, route);
    const target: Target = {
      ...(organizationId !== undefined && { organizationId }),
      ...(projectId !== undefined && { projectId }),
    };
    const { caller } = context.get("manager");
    context.set("access", await requireAccess(portsOf(context), caller, target, route));
    await next();
  });

/** Says how much is left of the tightest limit so far. @throws rate.limited */
function holdToLimit(context: AppContext, taken: LimitState | undefined): void {
  const before = context.get("tightest");
  if (!taken || (before && before.remaining <= taken.remaining)) return;
  context.set("tightest", taken);
  const { name, limit, remaining, resetSeconds } = taken;
  context.header("RateLimit-Policy", `"${name}";q=${limit};w=${LIMIT_WINDOW_SECONDS}`);
  context.header("RateLimit", `"${name}";r=${Math.max(0, remaining)};t=${resetSeconds}`);
  assertWithinLimit(taken);
}

const rateLimit = ({ rateClass }: ManageRoute) =>
  createMiddleware<AppEnv>(async function rateLimit(context, next) {
    const { caller } = context.get("manager");
    const subject = caller.kind === "key" ? caller.keyId : caller.userId;
    const { clientAddress } = context.env.deployment;
    const taker = { subject, clientAddress, possession: context.get("possession") };
    const { tightest, isReplay } = await takeManageLimits(portsOf(context), taker, rateClass);
    holdToLimit(context, tightest);
    if (isReplay) throw proofInvalid("This proof was used before.");
    noteUse(portsOf(context), caller);
    await next();
  });

/** Whoever asks for heavy work, and with however many keys: it counts for what it is about, and only where they may. */
const sharedLimit = createMiddleware<AppEnv>(async function sharedLimit(context, next) {
  const { project, organizationId } = context.get("access");
  const subject = project?.id ?? organizationId;
  if (subject !== null) holdToLimit(context, await takeSharedLimit(portsOf(context), subject));
  await next();
});

/** Of a route that takes nothing, an empty body is as good as an empty object. */
const withEmptyBody = createMiddleware<AppEnv>(async function withEmptyBody(context, next) {
  const hasBody = (context.get("body")?.length ?? 0) > 0;
  if (!hasBody && context.req.header("Content-Type") === undefined) {
    context.set("body", new TextEncoder().encode("{}"));
    return next();
  }
  return jsonBody(context, next);
});

const answer = (route: ManageRoute, handle: (call: ManageCall) => Promise<unknown>) =>
  async function answer(context: AppContext): Promise<Response> {
    const { networks, ports } = context.env.deployment;
    const access = context.get("access");
    const body = route.body ? parseBody(context, route.body) : undefined;
    requireMore(route, access, body);
    const value = await handle({
      ...context.get("manager"),
      ports,
      networks,
      access,
      // What the route is about decides whether it is there: `requireAccess` has seen to it.
      project: access.project as ManageCall["project"],
      params: readParams(context, route) as ManageCall["params"],
      query: route.query ? parseQuery(context, route.query) : undefined,
      body,
    } as ManageCall);
    const { status, mediaType } = route.answer;
    if (status === 204) return context.body(null, 204);
    if (mediaType === undefined) return context.json(value as object, status);
    context.header("Content-Type", mediaType);
    return context.body(value as string, status);
  };

const noStore = createMiddleware<AppEnv>(async function noStore(context, next) {
  context.header("Cache-Control", "no-store");
  await next();
});

/** The management API: each route does what its declaration says, in this order, and then its handler. */
function mountRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  for (const [operation, route] of Object.entries(MANAGE_ROUTES) as [ManageOperation, ManageRoute][]) {
    const path = `/v1/manage${route.path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
    // Each handler takes the call of its own route.
    const handle = HANDLERS[operation] as unknown as (call: ManageCall) => Promise<unknown>;
    const shared = route.rateClass === "manage-heavy" ? [sharedLimit] : [];
    const body = route.body ? [withEmptyBody] : [];
    routes.on(
      route.method,
      path,
      noStore,
      ...([callerOf(route), rateLimit(route), access(route), ...shared, ...body] as const),
      answer(route, handle),
    );
  }
  return routes;
}

export const manageRoutes = mountRoutes();

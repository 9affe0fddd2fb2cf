import { createMiddleware } from "hono/factory";
import { AppError } from "../../errors.ts";
import { asConsoleUser, type VerifiedCaller, verifyManageToken } from "../../services/manage/verify-caller.ts";
import { type AppContext, type AppEnv, portsOf } from "../context.ts";
import { callerByToken } from "../middleware/caller.ts";
import { origin, originOf } from "../middleware/origin.ts";

/** @throws auth.token_missing, auth.token_invalid */
function readBearer(context: AppContext): string {
  const authorization = context.req.header("Authorization");
  if (authorization === undefined) {
    throw new AppError("auth.token_missing", "This call needs a management token or a secret key.");
  }
  const [, token] = /^Bearer ([A-Za-z0-9_.-]+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw new AppError("auth.token_invalid", "The management token is not valid.");
  return token;
}

function setManager(context: AppContext, { caller, actor }: VerifiedCaller): void {
  context.set("manager", { caller, actor, store: portsOf(context).manage(actor) });
}

/** Who manages: a person with a management token, from the API's own pages; or a server with a secret key. */
export const manageCaller = createMiddleware<AppEnv>(async function manageCaller(context, next) {
  const { clientAddress } = context.env.deployment;
  const token = readBearer(context);
  setManager(context, await verifyManageToken(portsOf(context), token, originOf(context), clientAddress));
  await next();
});

/** A user of the console's project, by the access token that the widget has, with its proof, from the API's own pages. */
export const consoleCaller = createMiddleware<AppEnv>(async function consoleCaller(context, next) {
  await callerByToken(context, async () => {
    await origin(context, async () => {
      setManager(context, asConsoleUser(context.get("claims")));
      await next();
    });
  });
});

/** Either of the two, where somebody has just signed in. */
export const eitherCaller = createMiddleware<AppEnv>(async function eitherCaller(context, next) {
  const { tokens, clock } = portsOf(context);
  const [, token = ""] = /^Bearer (.+)$/i.exec(context.req.header("Authorization") ?? "") ?? [];
  const { ok: isManagement } = await tokens.verifyManagement(token, clock.nowMs());
  return isManagement || token.startsWith("sk_") ? manageCaller(context, next) : consoleCaller(context, next);
});

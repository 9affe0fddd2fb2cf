import { createMiddleware } from "hono/factory";
import { AppError } from "../../errors.ts";
import { type AppContext, type AppEnv, portsOf } from "../context.ts";

/** A same-origin GET carries no `Origin`; then the browser's own word for it stands for the API's origin. */
export function originOf(context: AppContext): string | undefined {
  const sent = context.req.header("Origin");
  if (sent !== undefined) return sent;
  const isSameOrigin = context.req.method === "GET" && context.req.header("Sec-Fetch-Site") === "same-origin";
  return isSameOrigin ? new URL(portsOf(context).api).origin : undefined;
}

/** The exact origin must be on the project's list, and be the one that the session was opened from. */
export const origin = createMiddleware<AppEnv>(async function origin(context, next) {
  const sent = originOf(context);
  const { project } = context.get("caller");
  const claims = context.get("claims");
  const isAllowed = sent !== undefined && project.origins.includes(sent) && (!claims || claims.origin === sent);
  if (!isAllowed) {
    const detail =
      sent === undefined || sent === "null"
        ? "The call needs an Origin: send it from a page of one of the project's origins."
        : `The origin ${sent.slice(0, 253)} may not use this project${claims ? " with this session" : ""}.`;
    throw new AppError("project.origin_not_allowed", detail);
  }
  context.set("origin", sent);
  await next();
});

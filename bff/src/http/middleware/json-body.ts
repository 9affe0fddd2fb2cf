import { createMiddleware } from "hono/factory";
import { AppError } from "../../errors.ts";
import type { AppEnv } from "../context.ts";

/** On the routes that take a body, so that an address where nothing is says that and not what it would have liked. */
export const jsonBody = createMiddleware<AppEnv>(async function jsonBody(context, next) {
  const type = context.req.header("Content-Type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new AppError("request.unsupported_media_type", "Send the body as application/json.");
  }
  if (context.req.header("Content-Encoding") !== undefined) {
    throw new AppError("request.unsupported_media_type", "Send the body as it is, without Content-Encoding.");
  }
  await next();
});

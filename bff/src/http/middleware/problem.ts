import type { Problem } from "../../contract/index.ts";
import { AppError, PROBLEMS } from "../../errors.ts";
import { type AppContext, portsOf } from "../context.ts";

/** The body of a refusal. Source: RFC 9457. */
export function renderProblem(context: AppContext, error: AppError): Problem {
  const { code, status, options } = error;
  return {
    type: `${portsOf(context).api}/docs#${code}`,
    title: PROBLEMS[code].title,
    status,
    code,
    detail: error.message,
    instance: context.req.path,
    requestId: context.get("requestId"),
    ...(options.retryAfterSeconds !== undefined && { retryAfterSeconds: options.retryAfterSeconds }),
    ...(options.errors && { errors: [...options.errors] }),
    ...(options.context && { context: { ...options.context } }),
  };
}

/** What is not an AppError stays in the log; the caller learns no more than that it happened. */
export function answerProblem(thrown: unknown, context: AppContext): Response {
  const error = thrown instanceof AppError ? thrown : new AppError("internal.unexpected", undefined, { cause: thrown });
  if (error.status >= 500) {
    portsOf(context).log.error("request.failed", {
      requestId: context.get("requestId"),
      code: error.code,
      cause: error.cause,
    });
  }
  for (const [name, value] of Object.entries(error.options.headers ?? {})) context.header(name, value);
  const { retryAfterSeconds } = error.options;
  if (retryAfterSeconds !== undefined) context.header("Retry-After", String(retryAfterSeconds));
  if (error.status === 401) {
    const isToken = error.code.startsWith("auth.token_") && error.code !== "auth.token_missing";
    context.header("WWW-Authenticate", isToken ? 'Bearer error="invalid_token"' : "Bearer");
  }
  context.header("Content-Type", "application/problem+json");
  return context.body(JSON.stringify(renderProblem(context, error)), error.status);
}

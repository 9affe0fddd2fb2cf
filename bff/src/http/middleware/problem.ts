import type { ErrorCode } from "../../contract/error-code.ts";
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

/** How to authenticate, by the scheme that was tried, and what was wrong with it. Sources: RFC 6750, section 3; RFC 9449, section 7.1. */
function authenticateHeader(code: ErrorCode, authorization: string | undefined): string {
  if (code === "auth.proof_invalid") return 'DPoP error="invalid_dpop_proof", algs="ES256"';
  const isToken = code === "auth.token_invalid" || code === "auth.token_expired";
  const isBound = /^dpop /i.test(authorization ?? "");
  const parameters = [...(isToken ? ['error="invalid_token"'] : []), ...(isBound ? ['algs="ES256"'] : [])];
  return [isBound ? "DPoP" : "Bearer", parameters.join(", ")].filter(Boolean).join(" ");
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
    context.header("WWW-Authenticate", authenticateHeader(error.code, context.req.header("Authorization")));
  }
  context.header("Content-Type", "application/problem+json");
  return context.body(JSON.stringify(renderProblem(context, error)), error.status);
}

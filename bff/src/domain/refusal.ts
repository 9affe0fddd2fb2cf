import type { ErrorCode } from "../contract/error-code.ts";

/** Why something is not done, in the words of `errors.md`. `detail` may be shown to an end user. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
}

export function refuse(code: ErrorCode, detail: string, context?: Readonly<Record<string, unknown>>): Refusal {
  return { code, detail, ...(context && { context }) };
}

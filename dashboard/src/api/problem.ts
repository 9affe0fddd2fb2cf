/** One field of what was sent that was refused. */
export interface FieldError {
  /** JSON pointer into the body; of a query, its name. */
  readonly pointer: string;
  readonly detail: string;
}

interface ProblemFields {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[] | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly context?: Readonly<Record<string, unknown>> | undefined;
}

/** Nothing came back: the network, a proxy or a browser extension is in the way. */
export const NO_ANSWER = "network.no_answer";

/** An answer of the API that is a problem, or the lack of an answer. */
export class ApiProblem extends Error {
  /** Zero when there was no answer. */
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly context: Readonly<Record<string, unknown>>;

  constructor({ status, code, detail, errors = [], requestId, retryAfterSeconds, context = {} }: ProblemFields) {
    super(detail);
    this.name = "ApiProblem";
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.requestId = requestId;
    this.retryAfterSeconds = retryAfterSeconds;
    this.context = context;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function fieldErrorsOf(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    if (!isRecord(entry)) return [];
    return [{ pointer: textOf(entry["pointer"]) ?? "", detail: textOf(entry["detail"]) ?? "is not valid" }];
  });
}

/** Reads `application/problem+json` (RFC 9457); whatever else it is, there is a problem at the end. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => undefined);
  const fields = isRecord(body) ? body : {};
  const seconds = Number(response.headers.get("Retry-After") ?? fields["retryAfterSeconds"]);
  return new ApiProblem({
    status: response.status,
    code: textOf(fields["code"]) ?? "internal.unexpected",
    detail: textOf(fields["detail"]) ?? textOf(fields["title"]) ?? `The API answered with status ${response.status}.`,
    errors: fieldErrorsOf(fields["errors"]),
    requestId: textOf(fields["requestId"]) ?? response.headers.get("Request-Id") ?? undefined,
    retryAfterSeconds: Number.isFinite(seconds) && seconds > 0 ? seconds : undefined,
    context: isRecord(fields["context"]) ? fields["context"] : {},
  });
}

/** Whatever was thrown, as a problem that can be shown. */
export function toProblem(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown;
  return new ApiProblem({
    status: 0,
    // The widget's own errors have a code, too.
    code: (isRecord(thrown) && textOf(thrown["code"])) || "dashboard.unexpected",
    detail: thrown instanceof Error ? thrown.message : String(thrown),
  });
}

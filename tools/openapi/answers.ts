import { STATUS_CODES } from "node:http";
import type { ErrorCode } from "../../bff/src/contract/error-code.ts";
import { PROBLEMS } from "../../bff/src/errors.ts";

export type Json = Readonly<Record<string, unknown>>;

export const headerRefs = (names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** The error codes of a call by their status, in rising order. */
export function codesByStatus({
  codes,
}: {
  readonly codes: readonly string[];
}): ReadonlyMap<number, readonly ErrorCode[]> {
  const known = codes as readonly ErrorCode[];
  const byStatus = Map.groupBy(known, (code) => PROBLEMS[code].status as number);
  return new Map([...byStatus].toSorted(([left], [right]) => left - right));
}

function problemHeaders(status: number): readonly string[] {
  if (status === 401) return ["Request-Id", "WWW-Authenticate"];
  return status === 409 || status === 429 || status > 500 ? ["Request-Id", "Retry-After"] : ["Request-Id"];
}

/** Every refusal of a call, by its status. */
export function describeProblems(route: { readonly codes: readonly string[]; readonly isIdempotent?: true }): Json {
  return Object.fromEntries(
    [...codesByStatus(route)].map(([status, codes]) => [
      status,
      {
        description: `${STATUS_CODES[status]}: ${codes.map((code) => `\`${code}\``).join(", ")}`,
        headers: headerRefs([
          ...problemHeaders(status),
          ...(route.isIdempotent && status < 500 && status !== 401 ? ["Idempotent-Replayed"] : []),
        ]),
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    ]),
  );
}

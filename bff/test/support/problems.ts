import type { ApiAnswer } from "@gasless/localnet/api-client";
import { expect } from "vitest";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import { PROBLEMS } from "../../src/errors.ts";

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly instance: string;
  readonly requestId: string;
  readonly retryAfterSeconds?: number;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly context?: Readonly<Record<string, unknown>>;
}

const FIELDS = new Set("type title status code detail instance requestId retryAfterSeconds errors context".split(" "));

/** Asserts a refusal whole: its status, its code, and everything that every problem has. */
export function expectProblem(answer: ApiAnswer<unknown>, status: number, code: ErrorCode): ProblemBody {
  const { headers } = answer;
  const body = answer.body as ProblemBody;
  expect({ status: answer.status, code: body.code }).toEqual({ status, code });
  expect(body).toMatchObject({ status, title: PROBLEMS[code].title });
  expect(body.type).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/docs#[a-z_]+\.[a-z_]+$/);
  expect(body.type.endsWith(`#${code}`)).toBe(true);
  expect(body.instance).toMatch(/^\//);
  expect(body.requestId).toMatch(/^req_[0-9a-z]{26}$/);
  expect(headers.get("request-id")).toBe(body.requestId);
  expect(Date.parse(headers.get("date") ?? "")).not.toBeNaN();
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(Object.keys(body).filter((field) => !FIELDS.has(field))).toEqual([]);
  const retryAfter = headers.get("retry-after");
  expect(retryAfter).toBe(body.retryAfterSeconds === undefined ? null : String(body.retryAfterSeconds));
  return body;
}

/** Asserts a 422 whose pointers are exactly these. */
export function expectInvalid(answer: ApiAnswer<unknown>, pointers: readonly string[]): void {
  const { errors = [] } = expectProblem(answer, 422, "request.invalid");
  expect(new Set(errors.map(({ pointer }) => pointer))).toEqual(new Set(pointers));
  expect(errors.every(({ detail }) => detail.length > 0)).toBe(true);
}

import type * as z from "zod";
import { type FieldFault, readBy } from "../read-by.ts";
import { AppError } from "../errors.ts";
import type { AppContext } from "./context.ts";

/** Of one request. */
const MAX_FAULTS = 20;

const invalid = (errors: readonly FieldFault[]): AppError =>
  new AppError("request.invalid", "The request does not fit its schema.", { errors });

/** @throws request.invalid, with a pointer for each field that is wrong */
function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const read = readBy(schema, value, MAX_FAULTS);
  if (!read.ok) throw invalid(read.reason);
  return read.value;
}

function readJson(context: AppContext): unknown {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(context.get("body")));
}

/** The body against its schema. @throws request.malformed, request.invalid */
export function parseBody<Schema extends z.ZodType>(context: AppContext, schema: Schema): z.output<Schema> {
  let value: unknown;
  try {
    value = readJson(context);
  } catch {
    throw new AppError("request.malformed", "The body is not JSON in UTF-8.");
  }
  // The one unknown field that zod passes over, where others are refused.
  if (typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__")) {
    throw invalid([{ pointer: "/__proto__", detail: "is not a known field" }]);
  }
  return parseWith(schema, value);
}

/** A look at the body before anything is decided about it; undefined when it is no object. */
export function peekBody(context: AppContext): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = readJson(context);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export function parseQuery<Schema extends z.ZodType>(context: AppContext, schema: Schema): z.output<Schema> {
  const query = context.req.query();
  // SQL has no text with NUL in it: nothing can be found by one.
  const nul = Object.keys(query).filter((name) => query[name]?.includes("\0") === true);
  if (nul.length > 0) throw invalid(nul.map((name) => ({ pointer: `/${name}`, detail: "must not hold NUL" })));
  return parseWith(schema, query);
}

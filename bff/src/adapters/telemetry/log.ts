import { AppError } from "../../errors.ts";
import type { LogPort } from "../../ports.ts";

const MAX_TEXT = 500;
const SECRET_FIELD = /token|secret|signature|authorization|seed|password/i;
const SECRET_TEXT = /\b(?:rt1\.|eyJ|sk_)[\w.-]{8,}|postgres(?:ql)?:\/\/\S+/g;

/** Integers of 64 bits are text; what cannot be written at all must not stop what is logged. */
function toJson(line: object): string {
  const write = (_name: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);
  try {
    return JSON.stringify(line, write);
  } catch {
    return JSON.stringify({ ...line, fields: "unwritable" }, ["time", "level", "event", "fields"]);
  }
}

/** One JSON line on the console, where Workers and containers collect it. */
function writeLine(level: "info" | "warning" | "error", event: string, fields: Record<string, unknown>): void {
  const line = toJson({ time: new Date().toISOString(), level, event, ...fields });
  console[level === "error" ? "error" : "log"](line);
}

function describe(value: unknown): unknown {
  if (value instanceof AppError) return { code: value.code, cause: describe(value.cause) };
  if (value instanceof Error)
    return { name: value.name, message: describe(value.message), cause: describe(value.cause) };
  return typeof value === "string" ? value.replaceAll(SECRET_TEXT, "[redacted]").slice(0, MAX_TEXT) : value;
}

const redact = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, SECRET_FIELD.test(name) ? "[redacted]" : describe(value)]),
  );

/** One JSON line an event. Names that sound like a secret, and texts that look like one, are blanked. */
export function createLog(): LogPort {
  return {
    info: (event, fields) => writeLine("info", event, redact(fields)),
    warn: (event, fields) => writeLine("warning", event, redact(fields)),
    error: (event, fields) => writeLine("error", event, redact(fields)),
  };
}

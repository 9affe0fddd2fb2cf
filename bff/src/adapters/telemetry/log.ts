import { configureSync, getLogger, type LogRecord } from "@logtape/logtape";
import { AppError } from "../../errors.ts";
import type { LogPort } from "../../ports.ts";

const MAX_TEXT = 500;
const SECRET_FIELD = /token|secret|signature|authorization|seed|password/i;
const SECRET_TEXT = /\b(?:rt1\.|eyJ|sk_)[\w.-]{8,}|postgres(?:ql)?:\/\/\S+/g;

/** One JSON line on the console, where Workers and containers collect it. */
function writeLine({ timestamp, level, message, properties }: LogRecord): void {
  const line = { time: new Date(timestamp).toISOString(), level, event: message.join(""), ...properties };
  console[level === "error" || level === "fatal" ? "error" : "log"](JSON.stringify(line));
}

configureSync({
  sinks: { console: writeLine },
  loggers: [
    { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["console"] },
    { category: "gasless", lowestLevel: "info", sinks: ["console"] },
  ],
});

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
  const logger = getLogger("gasless");
  return {
    info: (event, fields) => logger.info(event, redact(fields)),
    warn: (event, fields) => logger.warn(event, redact(fields)),
    error: (event, fields) => logger.error(event, redact(fields)),
  };
}

import { createHash, timingSafeEqual } from "node:crypto";
import type { Command, Outcome, Reply } from "./store.ts";

/** These change the connection that all callers share, or never end. */
const REFUSED: ReadonlySet<string> = new Set(
  `AUTH CLIENT HELLO QUIT RESET SELECT SHUTDOWN SYNC PSYNC MULTI EXEC DISCARD WATCH UNWATCH
  MONITOR SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE
  BLPOP BRPOP BLMOVE BLMPOP BRPOPLPUSH BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF`.split(/\s+/),
);

/** A request that Upstash would answer with status 400. */
export type Malformed = { readonly malformed: string };

/** One command as Upstash takes it: an array of scalars. */
export function parseCommand(body: unknown): Command | Malformed {
  if (!Array.isArray(body) || body.length === 0) return { malformed: "ERR empty command" };
  const words: string[] = [];
  for (const word of body) {
    if (typeof word !== "string" && typeof word !== "number" && typeof word !== "boolean") {
      return { malformed: "ERR invalid command: arguments are strings, numbers or booleans" };
    }
    words.push(String(word));
  }
  const name = words[0]?.toUpperCase() ?? "";
  return REFUSED.has(name) ? { malformed: `ERR Command is not available: '${name}'` } : words;
}

export function parseCommands(body: unknown): readonly Command[] | Malformed {
  if (!Array.isArray(body)) return { malformed: "ERR failed to parse pipeline request" };
  const commands: Command[] = [];
  for (const item of body) {
    const command = parseCommand(item);
    if (isMalformed(command)) return command;
    commands.push(command);
  }
  return commands;
}

export function isMalformed(value: readonly unknown[] | Malformed): value is Malformed {
  return "malformed" in value;
}

/** A reply as JSON; with `base64`, all strings but a bare OK are encoded, as Upstash's clients expect. */
export function encodeOutcome(outcome: Outcome, base64: boolean): { result: unknown } | { error: string } {
  if ("error" in outcome) return outcome;
  const encode = base64 ? toBase64 : toText;
  const { result } = outcome;
  const isOk = result !== null && !Array.isArray(result) && toText(result) === "OK";
  return { result: isOk ? "OK" : encodeReply(result, encode) };
}

type StringEncoder = (value: string | Uint8Array) => string;

function encodeReply(reply: Reply, encode: StringEncoder): unknown {
  if (reply === null || typeof reply === "number") return reply;
  if (typeof reply === "bigint") return encode(String(reply));
  if (typeof reply === "string" || reply instanceof Uint8Array) return encode(reply);
  return reply.map((item) => encodeReply(item, encode));
}

const toText = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : String(value);

const toBase64: StringEncoder = (value) => Buffer.from(value).toString("base64");

/** Compares digests: neither the length nor the first difference of a wrong token takes a different time. */
export function createBearerCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(`Bearer ${token}`);
  return (authorization = "") => timingSafeEqual(digest(authorization), expected);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

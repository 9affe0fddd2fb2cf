import { createHash } from "node:crypto";
import type { Command } from "./store.ts";

const KNOWN_SCRIPTS = 500;

/** Gives the same command for a Redis that knows no script flags. */
export type ScriptTranslator = (command: Command) => Command;

/**
 * Upstash accepts a first line `#!lua flags=…` with flags no Redis knows, so that line is dropped.
 * Clients name a script by the hash of what they sent: that hash is remembered with the hash Redis gives it.
 */
export function createScriptTranslator(): ScriptTranslator {
  const hashes = new Map<string, string>();

  function strip(script: string): string {
    if (!script.startsWith("#!")) return script;
    const lineEnd = script.indexOf("\n");
    // The line break stays: error messages keep their line numbers.
    const stripped = lineEnd === -1 ? "" : script.slice(lineEnd);
    remember(sha1(script), sha1(stripped));
    return stripped;
  }

  function remember(original: string, stripped: string): void {
    hashes.delete(original);
    hashes.set(original, stripped);
    const [oldest] = hashes.keys();
    if (hashes.size > KNOWN_SCRIPTS && oldest !== undefined) hashes.delete(oldest);
  }

  const lookUp = (hash: string): string => hashes.get(hash.toLowerCase()) ?? hash;

  function translateScriptArguments(subcommand: string, args: Command): Command {
    switch (subcommand.toUpperCase()) {
      case "LOAD":
        return args.map(strip);
      case "EXISTS":
        return args.map(lookUp);
      default:
        return args;
    }
  }

  return (command) => {
    const [name = "", first, ...rest] = command;
    if (first === undefined) return command;
    switch (name.toUpperCase()) {
      case "EVAL":
      case "EVAL_RO":
        return [name, strip(first), ...rest];
      case "EVALSHA":
      case "EVALSHA_RO":
        return [name, lookUp(first), ...rest];
      case "SCRIPT":
        return [name, first, ...translateScriptArguments(first, rest)];
      default:
        return command;
    }
  };
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

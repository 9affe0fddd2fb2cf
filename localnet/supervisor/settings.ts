import { join, resolve } from "node:path";

/** The repository. */
export const ROOT = resolve(import.meta.dirname, "..", "..");

export const USAGE = `Usage: npm start [--silent] [-- --json] [--origin <origin>]…

  --json              one line of JSON on standard output when everything is ready; no first relay
  --origin <origin>   a page of your own that may use the demo project, such as http://localhost:5173
  --help              this text

Environment: PORT (8787; 0 takes free ports), HOST (127.0.0.1), GASLESS_DATA (.gasless),
             DATABASE_URL and REDIS_URL (to use those instead of the embedded ones).
`;

const DEFAULT_PORT = 8787;
/** The highest port that leaves room for the others above it. */
const MAX_PORT = 65_514;

export interface Settings {
  readonly host: string;
  /** 0 takes free ones. */
  readonly port: number;
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
}

export interface RunFlags {
  readonly kind: "run";
  readonly json: boolean;
  /** Pages of the developer's own. */
  readonly origins: readonly string[];
}

export type Flags = RunFlags | { readonly kind: "help" };

/** The flags of `npm start`. @throws Error naming the first one that does not exist or makes no sense */
export function parseFlags(args: readonly string[]): Flags {
  const flags = { json: false, help: false };
  const origins: string[] = [];
  const rest = args.values();
  for (const arg of rest) {
    if (arg === "--json") flags.json = true;
    else if (arg === "--help") flags.help = true;
    else if (arg === "--origin") origins.push(parseOrigin(rest.next().value ?? ""));
    else throw new Error(`unknown argument: ${arg}`);
  }
  return flags.help ? { kind: "help" } : { kind: "run", json: flags.json, origins };
}

const ORIGIN = /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d+)?$/;

/** As a browser sends it: no path, no default port, no wildcard, names of other scripts as punycode. */
function parseOrigin(text: string): string {
  const origin = /^https?:\/\/[^\s/\\%@?#*]+\/?$/i.test(text) ? URL.parse(text)?.origin : undefined;
  if (origin !== undefined && ORIGIN.test(origin)) return origin;
  throw new Error(`--origin takes an exact origin such as http://localhost:5173, not "${text}"`);
}

/** The environment of `npm start`; an empty variable is an absent one. @throws Error naming what makes no sense */
export function parseSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const read = (name: string) => env[name]?.trim() || undefined;
  const port = read("PORT") ?? String(DEFAULT_PORT);
  if (!/^\d{1,5}$/.test(port) || Number(port) > MAX_PORT) {
    throw new Error(`PORT must be a whole number from 0 to ${MAX_PORT}, not "${port}".`);
  }
  return {
    host: read("HOST") ?? "127.0.0.1",
    port: Number(port),
    dataFolder: resolve(read("GASLESS_DATA") ?? join(ROOT, ".gasless")),
    databaseUrl: read("DATABASE_URL"),
    redisUrl: read("REDIS_URL"),
  };
}

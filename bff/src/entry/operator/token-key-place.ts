import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { findDataFolder, UsageError } from "./installation.ts";

/** Where a deployment's token keys are written down. */
export interface TokenKeyPlace {
  /** The value of TOKEN_KEYS as it is. @throws UsageError when there is none */
  readonly read: () => Promise<string>;
  /** Takes the value that is to follow, and says what is still to be done with it. @throws UsageError */
  readonly write: (value: string) => string;
  /** Whether standard output is for the value alone. */
  readonly isPipe: boolean;
}

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: { readonly isTTY?: boolean; write(text: string): unknown };
}

/** A worker's secrets cannot be read back, so the value comes from wherever the operator keeps it, and goes back there. */
function passThrough({ env, stdin, stdout }: Surroundings, options: ReadonlySet<string>): TokenKeyPlace {
  return {
    isPipe: true,
    read: async () => (options.has("--stdin") ? text(stdin) : (env["TOKEN_KEYS"] ?? "")),
    write(value) {
      if (stdout.isTTY === true && !options.has("--print")) {
        throw new UsageError("The next value is a secret: send it where it belongs, or show it here with --print.");
      }
      // npm would put two lines of its own before the value, and the worker would not start with them.
      if (stdout.isTTY !== true && env["npm_lifecycle_event"] && env["npm_config_loglevel"] !== "silent") {
        throw new UsageError("npm writes on standard output too: say npm run --silent token-keys.");
      }
      stdout.write(`${value}\n`);
      return "Keep this value, and put it as TOKEN_KEYS at once: its times count from now.";
    },
  };
}

type Secrets = Readonly<Record<string, unknown>>;

/** In one step, and for its owner alone: a crash in between must not lose the keys of a database that is there. */
function replaceSecrets(file: string, secrets: Secrets): void {
  const fresh = `${file}.new`;
  // What stands there is a crash's leftover, or somebody's link.
  rmSync(fresh, { force: true });
  writeFileSync(fresh, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600, flag: "wx", flush: true });
  renameSync(fresh, file);
}

function openFolder(folder: string): TokenKeyPlace {
  const file = join(folder, "secrets.json");
  const readSecrets = (): Secrets => {
    if (!existsSync(file)) {
      throw new UsageError(`There are no keys in ${folder}: start the stack once, or give TOKEN_KEYS.`);
    }
    try {
      return JSON.parse(readFileSync(file, "utf8")) as Secrets;
    } catch {
      // The parser's own words would quote the file.
      throw new UsageError(`${file} is no JSON.`);
    }
  };
  return {
    isPipe: false,
    async read() {
      const { tokenKeys } = readSecrets();
      if (tokenKeys === undefined) throw new UsageError("These keys are of an earlier version: start the stack once.");
      return JSON.stringify(tokenKeys);
    },
    write(value) {
      const { tokenKey: _earlier, ...secrets } = readSecrets();
      replaceSecrets(file, { ...secrets, tokenKeys: JSON.parse(value) as unknown });
      return "It counts from the next npm start on.";
    },
  };
}

/** `TOKEN_KEYS` of the environment or of standard input where one is given, else the data folder of `npm start`. */
export function findTokenKeyPlace(around: Surroundings, options: ReadonlySet<string>): TokenKeyPlace {
  const isGiven = options.has("--stdin") || around.env["TOKEN_KEYS"] !== undefined;
  return isGiven ? passThrough(around, options) : openFolder(findDataFolder(around.env));
}

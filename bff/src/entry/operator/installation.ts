import { existsSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { sql } from "drizzle-orm";
import { createDatabase, type Database } from "../../adapters/sql/database.ts";
import { NetworkName } from "../../contract/index.ts";

/** What commands of an operator work on: a database, and the variables of the deployment where they are needed. */
export interface Installation {
  readonly databaseUrl: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A mistake of whoever typed the command: told without a stack. */
export class UsageError extends Error {}

/** Where `npm start` keeps what it must not lose. */
export const findDataFolder = (env: Readonly<Record<string, string | undefined>>): string =>
  env["GASLESS_DATA"] ?? fileURLToPath(import.meta.resolve("../../../../.gasless"));

/**
 * `DATABASE_URL` and the environment where that is set, else the running `npm start` of the data folder.
 * @throws UsageError when there is neither
 */
export function findInstallation(env: Readonly<Record<string, string | undefined>>): Installation {
  const databaseUrl = env["DATABASE_URL"];
  if (databaseUrl) return { databaseUrl, variables: env };
  const file = join(findDataFolder(env), "operator.json");
  if (!existsSync(file)) {
    throw new UsageError("Nothing runs here: set DATABASE_URL, or start the stack with npm start first.");
  }
  return JSON.parse(readFileSync(file, "utf8")) as Installation;
}

/** Takes a line of a command's answer. */
export type Say = (line: string) => void;

/** Does what its arguments say; gives the exit code. @throws UsageError */
export type Command = (
  database: Database,
  installation: Installation,
  args: readonly string[],
  say: Say,
) => Promise<number>;

/** Texts of strangers may hold what a terminal obeys. */
function withoutControls(line: string): string {
  const plain = Array.from(line, (character) =>
    /[\p{Cc}\p{Cf}]/u.test(character) && character !== "\n" ? "\u{fffd}" : character,
  );
  return plain.join("");
}

export const sayOnTerminal: Say = (line) => void process.stdout.write(`${withoutControls(line)}\n`);

/** 128 and the signal by which a pipe that nobody reads ends a program. */
const SIGPIPE_EXIT_CODE = 141;

/** Sets the exit code of this process to what the work gives: 2 for a mistake of the typist's. */
export async function runProcess(usage: string, work: () => Promise<number>): Promise<void> {
  // Whoever reads may have seen enough, as `head` does: there is nobody left to tell.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(SIGPIPE_EXIT_CODE);
  });
  if (process.argv.includes("--help")) return void process.stdout.write(usage);
  try {
    process.exitCode = await work();
  } catch (error) {
    const isUsage = error instanceof UsageError;
    process.stderr.write(
      isUsage ? `${error.message}\n\n${usage}` : `${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = isUsage ? 2 : 1;
  }
}

/** What changes the configuration through it is the operator's, and said to be so in the audit log. */
export const asOperator = (database: Database, name: string): Database => ({
  ...database,
  run: (work) =>
    database.run((db) =>
      db.transaction(async (tx) => {
        const actor = JSON.stringify({ kind: "operator", name });
        // In this transaction alone: a pool may give the connection to somebody else after it.
        await tx.execute(sql`select set_config('gasless.actor', ${actor}, true)`);
        return work(tx);
      }),
    ),
});

/** Who types; a container's user may have a number alone. */
function readOperator(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

/** Runs a command of this process's own arguments on the installation that it is in. */
export const runCommand = (usage: string, command: Command): Promise<void> =>
  runProcess(usage, async () => {
    const installation = findInstallation(process.env);
    const database = createDatabase(installation.databaseUrl);
    try {
      return await command(asOperator(database, readOperator()), installation, process.argv.slice(2), sayOnTerminal);
    } finally {
      await database.close();
    }
  });

/** What was typed: words, and the options that are known. @throws UsageError for any other option */
export function readWords<const Options extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Its second sentence is about words that begin with a dash.
    const [what = ""] = error instanceof Error ? error.message.split(". ", 1) : [];
    throw new UsageError(`${what.replace(/\.$/, "")}.`);
  }
}

/** What is to be done. @throws UsageError */
export function chooseCommand<Chosen>(commands: Readonly<Record<string, Chosen>>, name = ""): Chosen {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command !== undefined) return command;
  const names = Object.keys(commands).join(", ");
  throw new UsageError(name === "" ? "Which command?" : `There is no command ${name}: there are ${names}.`);
}

/** @throws UsageError when there is a word that nothing is done with */
export function refuseSurplus([surplus]: readonly string[]): void {
  if (surplus !== undefined) throw new UsageError(`${surplus} is one word too many.`);
}

/** @throws UsageError */
export function parseNetwork(text: string): NetworkName {
  const parsed = NetworkName.safeParse(text);
  if (!parsed.success) throw new UsageError(`${text} is no network.`);
  return parsed.data;
}

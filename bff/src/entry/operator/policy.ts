import { readFileSync } from "node:fs";
import { policyDeskOf } from "../../adapters/chains/policy-desks.ts";
import { createPolicyQueries } from "../../adapters/sql/policies.ts";
import { checkPolicy, type CheckedPolicy, type PolicyPlace } from "../../services/policies/check-policy.ts";
import { publishPolicy, rollBackPolicy } from "../../services/policies/publish-policy.ts";
import type { PolicyStorePort } from "../../ports.ts";
import { findPlace } from "./find-place.ts";
import {
  chooseCommand,
  type Command,
  readWords,
  refuseSurplus,
  runCommand,
  type Say,
  UsageError,
} from "./installation.ts";

const USAGE = `usage: npm run policy -- <command> <project> [<file.json>] [--network <network>]
  show <project> [<version>]      prints the document in force, or that version
  versions <project>              lists all versions
  lint <project> <file.json>      looks for mistakes; with --fix prints the mended document
  diff <project> <file.json>      what the file changes in what is in force
  publish <project> <file.json>   makes the file the next version and puts it in force
  rollback <project> [<version>]  puts that version in force again, or the one before
<project> is an id or a name. Without --network: the project's only one.
`;

function readDraft(file: string | undefined): unknown {
  if (file === undefined) throw new UsageError("Which file?");
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseVersion(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new UsageError(`${text} is no version.`);
  return Number(text);
}

/** @throws UsageError naming everything that does not fit the schema */
async function checkFile(store: PolicyStorePort, place: PolicyPlace, file: string | undefined): Promise<CheckedPolicy> {
  const desk = policyDeskOf(place.network);
  if (!desk) throw new UsageError(`This version has no policies for ${place.network}.`);
  const checked = await checkPolicy(store, desk, place, readDraft(file));
  if (checked.ok) return checked.value;
  const faults = checked.reason.map(({ pointer, detail }) => `  ${pointer || "/"}: ${detail}`);
  throw new UsageError(`${file} is no policy:\n${faults.join("\n")}`);
}

function sayFindings(say: Say, { findings }: CheckedPolicy): void {
  for (const { severity, pointer, lint, message, fix } of findings) {
    say(`${severity}: ${pointer} (${lint})\n  ${message}\n  ${fix.description}`);
  }
}

const hasErrors = ({ findings }: CheckedPolicy): boolean => findings.some(({ severity }) => severity === "error");

interface PolicyCommand {
  readonly store: PolicyStorePort;
  readonly place: PolicyPlace;
  readonly argument: string | undefined;
  readonly isFix: boolean;
  readonly say: Say;
}

const COMMANDS: Readonly<Record<string, (command: PolicyCommand) => Promise<number>>> = {
  async show({ store, place: { projectId, network }, argument, say }) {
    const { document } = await store.readPolicy(projectId, network, parseVersion(argument));
    if (document === undefined) {
      throw new UsageError(argument === undefined ? "Nothing is in force yet." : `There is no version ${argument}.`);
    }
    say(JSON.stringify(document, undefined, 2));
    return 0;
  },
  async versions({ store, place: { projectId, network }, say }) {
    const { current, versions } = await store.readPolicy(projectId, network);
    for (const { version, createdAt } of versions) {
      say(`version ${version} of ${createdAt.toISOString()}${version === current ? ", in force" : ""}`);
    }
    return 0;
  },
  async lint({ store, place, argument: file, isFix, say }) {
    const checked = await checkFile(store, place, file);
    if (isFix) {
      say(JSON.stringify(checked.mended, undefined, 2));
      return 0;
    }
    sayFindings(say, checked);
    say(checked.findings.length === 0 ? "Nothing found." : `${checked.findings.length} found.`);
    return hasErrors(checked) ? 1 : 0;
  },
  async diff({ store, place, argument: file, say }) {
    const { differences, current } = await checkFile(store, place, file);
    say(differences.length === 0 ? "Nothing changes." : `Against version ${current ?? "none"}:`);
    for (const { pointer, before, after } of differences) {
      if (before !== undefined) say(`- ${pointer} ${JSON.stringify(before)}`);
      if (after !== undefined) say(`+ ${pointer} ${JSON.stringify(after)}`);
    }
    return 0;
  },
  async publish({ store, place, argument: file, say }) {
    const checked = await checkFile(store, place, file);
    sayFindings(say, checked);
    const done = await publishPolicy(store, place, checked);
    if (done.outcome === "published") {
      say(`Version ${done.version} is in force.`);
      return 0;
    }
    const why = {
      unchanged: "What is in force says the same already.",
      unfit: "Not published: mend the errors first, or let lint --fix do it.",
      conflict: "Not published: somebody published another version meanwhile. Look at diff again.",
    } as const;
    say(why[done.outcome]);
    return done.outcome === "unchanged" ? 0 : 1;
  },
  async rollback({ store, place, argument, say }) {
    const version = await rollBackPolicy(store, place, parseVersion(argument));
    say(version === undefined ? "There is no such version to go back to." : `Version ${version} is in force again.`);
    return version === undefined ? 1 : 0;
  },
};

export const runPolicy: Command = async (database, _installation, args, say) => {
  const { values, positionals } = readWords(args, { network: { type: "string" }, fix: { type: "boolean" } });
  const { network, fix: isFix = false } = values;
  const [name, project, argument, ...more] = positionals;
  const command = chooseCommand(COMMANDS, name);
  if (project === undefined) throw new UsageError("Of which project?");
  refuseSurplus(name === "versions" && argument !== undefined ? [argument] : more);
  if (isFix && name !== "lint") throw new UsageError("--fix belongs to lint.");
  const place = await findPlace(database, project, network);
  return command({ store: createPolicyQueries(database), place, argument, isFix, say });
};

if (import.meta.main) await runCommand(USAGE, runPolicy);

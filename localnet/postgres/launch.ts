import { spawnSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The user "nobody" of every Linux: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

/**
 * How a program is started so that it is not root and dies with this process.
 * - `self`: we are not root.
 * - `namespace`: root outside, nobody inside a user namespace; files still belong to root.
 * - `nobody`: the user id is given up, for containers that forbid namespaces.
 */
export type Launch = {
  readonly kind: "self" | "namespace" | "nobody";
  /** Goes before the program and its arguments. */
  readonly prefix: readonly string[];
  /** Who must own the data, as seen from outside. */
  readonly owner: number;
};

export function chooseLaunch(): Launch {
  const uid = process.getuid?.() ?? NOBODY;
  if (uid !== 0) return { kind: "self", prefix: deathSignal(), owner: uid };
  const namespace = ["unshare", "--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
  if (succeeds([...namespace, "true"])) {
    return { kind: "namespace", prefix: [...namespace, ...deathSignal()], owner: 0 };
  }
  return launchAsNobody();
}

export function launchAsNobody(): Launch {
  return { kind: "nobody", prefix: deathSignal(), owner: NOBODY };
}

/** A program with its arguments, as this launch runs it. */
export function wrap(launch: Launch, program: string, args: readonly string[]): { program: string; args: string[] } {
  const [first = program, ...rest] = [...launch.prefix, program, ...args];
  return { program: first, args: rest };
}

/** What `spawn` needs besides the program. */
export function identityOf(launch: Launch): { uid?: number; gid?: number } {
  return launch.kind === "nobody" ? { uid: NOBODY, gid: NOBODY } : {};
}

/** SIGQUIT is PostgreSQL's immediate stop: nothing stays behind a supervisor that was killed. */
function deathSignal(): readonly string[] {
  const prefix = ["setpriv", "--pdeathsig", "QUIT"];
  return succeeds([...prefix, "true"]) ? prefix : [];
}

function succeeds(command: readonly string[], identity: { uid?: number; gid?: number } = {}): boolean {
  const [program = "false", ...args] = command;
  return spawnSync(program, args, { stdio: "ignore", timeout: 5000, ...identity }).status === 0;
}

/** The folder of the programs, copied to the temporary folder when the launched user cannot read it. */
export function readableBinaries(launch: Launch, nativeFolder: string): string {
  if (canReach(launch, join(nativeFolder, "bin", "postgres"))) return nativeFolder;
  const size = statSync(join(nativeFolder, "bin", "postgres")).size;
  const copy = join(tmpdir(), `gasless-postgres-${fingerprint(`${nativeFolder} ${size}`)}`);
  if (!existsSync(copy)) copyWhole(nativeFolder, copy);
  assertOwnedBy(copy, process.getuid?.() ?? 0);
  return copy;
}

/** Renamed into place: a copy that was interrupted, or made twice at once, is never half there. */
function copyWhole(source: string, target: string): void {
  const staging = mkdtempSync(`${target}-`);
  try {
    cpSync(source, join(staging, "copy"), { recursive: true, verbatimSymlinks: true });
    renameSync(join(staging, "copy"), target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** The folder for the data: the wanted one, or a stable one in the temporary folder when it cannot be reached. */
export function reachableDataFolder(launch: Launch, wanted: string): string {
  mkdirSync(wanted, { recursive: true, mode: 0o755 });
  if (canReach(launch, wanted)) return wanted;
  const folder = join(tmpdir(), `gasless-postgres-data-${fingerprint(wanted)}`);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  assertOwnedBy(folder, process.getuid?.() ?? 0);
  return folder;
}

/** Gives `path` and everything below to the launched user, when an earlier start ran as somebody else. */
export function giveTo(launch: Launch, path: string): void {
  if (lstatSync(path).uid === launch.owner) return;
  if (!succeeds(["chown", "-R", "-h", `${launch.owner}:${launch.owner}`, path])) {
    throw new Error(`${path} belongs to another user and cannot be handed over.`);
  }
}

function canReach(launch: Launch, path: string): boolean {
  if (launch.kind !== "nobody") return true;
  return (
    succeeds(["test", "-x", path], identityOf(launch)) && succeeds(["test", "-x", dirname(path)], identityOf(launch))
  );
}

/** The temporary folder is everybody's: what somebody else put there is not ours to run. */
function assertOwnedBy(path: string, uid: number): void {
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== uid) throw new Error(`${path} belongs to another user; remove it.`);
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

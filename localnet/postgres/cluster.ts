import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { completeLibraries, findNativeFolder } from "./binaries.ts";
import { giveTo, identityOf, reachableDataFolder, readableBinaries, wrap } from "./launch.ts";
import type { Launch } from "./launch.ts";
import { HOST_RULES, INITDB_ARGUMENTS } from "./settings.ts";

const INITDB_DEADLINE_MS = 60_000;

/** A data folder and the programs that work on it. */
export type Cluster = {
  readonly launch: Launch;
  /** Holds the password, the log and the cluster itself. */
  readonly folder: string;
  /** What PostgreSQL calls its data directory. */
  readonly dataDirectory: string;
  readonly binFolder: string;
  readonly environment: Readonly<Record<string, string>>;
};

export function locateCluster(launch: Launch, dataFolder: string): Cluster {
  const folder = reachableDataFolder(launch, resolve(dataFolder));
  const nativeFolder = readableBinaries(launch, findNativeFolder());
  const libraryPath = completeLibraries(nativeFolder, join(folder, "libraries"));
  return {
    launch,
    folder,
    dataDirectory: join(folder, "cluster"),
    binFolder: join(nativeFolder, "bin"),
    environment: {
      PATH: process.env["PATH"] ?? "",
      ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }),
    },
  };
}

/** The superuser's password: generated once, then kept beside the data for its owner alone. */
export function keepPassword(cluster: Cluster, wanted: string | undefined): string {
  const file = join(cluster.folder, "password");
  if (existsSync(file)) {
    const kept = readFileSync(file, "utf8");
    if (wanted !== undefined && wanted !== kept) throw new Error(`${cluster.folder} was made with another password.`);
    return kept;
  }
  const password = wanted ?? randomBytes(24).toString("base64url");
  writeFileSync(file, password, { mode: 0o600, flag: "wx" });
  return password;
}

/** Runs initdb on first use, in a staging folder: a half-made cluster is never mistaken for a whole one. */
export async function ensureCluster(cluster: Cluster, password: string): Promise<void> {
  if (!existsSync(cluster.dataDirectory)) {
    const staging = `${cluster.dataDirectory}.new`;
    await initialise(cluster, staging, password);
    renameSync(staging, cluster.dataDirectory);
  }
  giveTo(cluster.launch, cluster.dataDirectory);
}

async function initialise(cluster: Cluster, staging: string, password: string): Promise<void> {
  const passwordFile = `${staging}.password`;
  rmSync(staging, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  mkdirSync(staging, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600, flag: "wx" });
  giveTo(cluster.launch, staging);
  giveTo(cluster.launch, passwordFile);
  try {
    await runInitdb(cluster, staging, passwordFile);
    writeFileSync(join(staging, "pg_hba.conf"), HOST_RULES);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function runInitdb(cluster: Cluster, staging: string, passwordFile: string): Promise<void> {
  const { program, args } = wrap(cluster.launch, join(cluster.binFolder, "initdb"), [
    `--pgdata=${staging}`,
    `--pwfile=${passwordFile}`,
    ...INITDB_ARGUMENTS,
  ]);
  await promisify(execFile)(program, args, {
    cwd: cluster.folder,
    env: cluster.environment,
    timeout: INITDB_DEADLINE_MS,
    ...identityOf(cluster.launch),
  });
}

import { existsSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "./cluster.ts";

const POLL_MS = 20;
const QUIT_POLLS = 250;

/** Remembers who supervises the server, so that a later start can tell an orphan from a rival. */
export function claimCluster(cluster: Cluster): void {
  writeFileSync(supervisorFile(cluster), String(process.pid));
}

/**
 * Clears the way for a start: ends a server whose supervisor died, removes a lock that names a stranger.
 * @throws Error when another living supervisor runs this cluster.
 */
export async function clearOrphan(cluster: Cluster): Promise<void> {
  const lock = join(cluster.dataDirectory, "postmaster.pid");
  const pid = firstNumber(lock);
  if (pid === undefined) return;
  if (!worksIn(pid, cluster.dataDirectory)) {
    rmSync(lock, { force: true });
    return;
  }
  if (parentOf(pid) === firstNumber(supervisorFile(cluster))) {
    throw new Error(`${cluster.folder} is in use: PostgreSQL ${pid} runs there; stop its supervisor first.`);
  }
  await endOrphan(pid, cluster.dataDirectory);
}

async function endOrphan(pid: number, dataDirectory: string): Promise<void> {
  sendSignal(pid, "SIGQUIT");
  for (let poll = 0; poll < QUIT_POLLS; poll += 1) {
    if (!worksIn(pid, dataDirectory)) return;
    await sleep(POLL_MS);
  }
  sendSignal(pid, "SIGKILL");
  await sleep(POLL_MS);
}

/** It may end by itself at any moment. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (existsSync(`/proc/${pid}`)) throw error;
  }
}

/** A server works in its data directory; a process that merely inherited the number does not. */
function worksIn(pid: number, dataDirectory: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === dataDirectory;
  } catch {
    return false;
  }
}

function parentOf(pid: number): number | undefined {
  try {
    const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return parent === undefined ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

function firstNumber(file: string): number | undefined {
  try {
    const number = Number.parseInt(readFileSync(file, "utf8"), 10);
    return Number.isNaN(number) ? undefined : number;
  } catch {
    return undefined;
  }
}

function supervisorFile(cluster: Cluster): string {
  return join(cluster.folder, "supervisor.pid");
}

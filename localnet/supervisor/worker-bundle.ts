import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./settings.ts";

export const BUNDLE = join(ROOT, "bff", "dist", "worker.js");

const SOURCES = [
  "bff/src/**/*.ts",
  "db/schema/*.ts",
  "tools/{build,openapi}.ts",
  "tools/openapi/**/*",
  "wrangler.toml",
  "package-lock.json",
];
const BUILD_DEADLINE_MS = 120_000;

/** Builds the worker when its bundle is missing or older than its sources. Its output goes to standard error. */
export async function ensureBundle(signal: AbortSignal): Promise<void> {
  if (modifiedAtMs(BUNDLE) >= newestSourceMs()) return;
  // A group of its own, so that the builder's own children end with it.
  const child = spawn(process.execPath, ["tools/build.ts"], { cwd: ROOT, detached: true, stdio: ["ignore", 2, 2] });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(BUILD_DEADLINE_MS)]);
  const end = () => endGroup(child);
  limit.addEventListener("abort", end);
  try {
    const [status] = (await once(child, "exit")) as [number | null];
    signal.throwIfAborted();
    if (status !== 0) throw new Error("the worker could not be built; the lines above say why.");
  } finally {
    limit.removeEventListener("abort", end);
  }
}

function newestSourceMs(): number {
  const files = globSync(SOURCES, { cwd: ROOT, exclude: (name) => name.endsWith(".test.ts") });
  return files.reduce((newest, file) => Math.max(newest, modifiedAtMs(join(ROOT, file))), 0);
}

function modifiedAtMs(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -1;
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

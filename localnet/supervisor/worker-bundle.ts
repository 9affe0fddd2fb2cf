import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./settings.ts";

export const BUNDLE = join(ROOT, "bff", "dist", "worker.js");
/** The files that the worker serves as its assets. */
export const ASSETS = join(ROOT, "bff", "dist", "assets");

interface Output {
  readonly files: readonly string[];
  readonly sources: readonly string[];
}

const DOCUMENTS = ["docs.csp", "docs.html", "docs-guide.html", "docs-management.html", "openapi.json"];
const SHARED = ["tools/build.ts", "package-lock.json"];
const OUTPUTS: readonly Output[] = [
  {
    files: [BUNDLE, ...DOCUMENTS.map((name) => join(ASSETS, name))],
    sources: [
      "bff/src/**/*.ts",
      "db/schema/*.ts",
      "tools/openapi.ts",
      "tools/openapi/**/*",
      "docs/runbooks.md",
      "docs/integrators/*.md",
      "wrangler.toml",
      ...SHARED,
    ],
  },
  {
    files: [join(ROOT, "widget", "dist", "gasless-wallet.js")],
    sources: ["widget/src/**/*", "tools/build-pages.ts", ...SHARED],
  },
  {
    files: ["demo.js", "algorand.js", "phone.js"].map((name) => join(ROOT, "demo-site", "dist", name)),
    sources: ["demo-site/src/**/*.ts", "tools/build-pages.ts", ...SHARED],
  },
  {
    files: [join(ASSETS, "dashboard", "index.html")],
    sources: ["dashboard/src/**/*", "dashboard/index.html", "widget/src/**/*", "tools/build-dashboard.ts", ...SHARED],
  },
];
const BUILD_DEADLINE_MS = 120_000;

/** Builds the worker and the pages when one is missing or older than its sources. The build's output goes to standard error. */
export async function ensureBundle(signal: AbortSignal): Promise<void> {
  if (OUTPUTS.every(isCurrent)) return;
  // A group of its own, so that the builder's own children end with it.
  const child = spawn(process.execPath, ["tools/build.ts"], {
    cwd: ROOT,
    // A test runner's own would put the libraries' development code into the pages.
    env: { ...process.env, NODE_ENV: "production" },
    detached: true,
    stdio: ["ignore", 2, 2],
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(BUILD_DEADLINE_MS)]);
  const end = () => endGroup(child);
  limit.addEventListener("abort", end);
  try {
    const [status] = (await once(child, "exit")) as [number | null];
    signal.throwIfAborted();
    if (status !== 0) throw new Error("the worker and its pages could not be built; the lines above say why.");
  } finally {
    limit.removeEventListener("abort", end);
  }
}

function isCurrent({ files, sources }: Output): boolean {
  const builtAtMs = Math.min(...files.map(modifiedAtMs));
  const found = globSync(sources, { cwd: ROOT, exclude: (name) => name.endsWith(".test.ts") });
  return builtAtMs >= 0 && found.every((source) => modifiedAtMs(join(ROOT, source)) <= builtAtMs);
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

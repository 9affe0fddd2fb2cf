import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { build } from "./build.ts";
import { buildPages } from "./build-pages.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What `npm test` promises, cheapest first. */
const STEPS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["types", "tsc", "-b", "bff", "widget", "demo-site", "dashboard", "e2e/stories", "."],
  ["lint", "oxlint", "--type-aware"],
  ["format", "oxfmt", "--check"],
  ["dead code", "knip"],
  ["sizes", "size-limit"],
  ["package", "publint", "widget"],
  ["typings of the package", "attw", "--pack", "widget", "--profile", "esm-only", "--quiet"],
  ["unit and worker-bundle tests", "vitest", "run", "--project", "unit", "--project", "worker"],
  // By themselves: a browser beside them takes the time that deadlines of 250 ms are about.
  ["stories in a browser", "vitest", "run", "--project", "browser"],
];

/** Runs one step; a signal to this process ends it too. Returns its exit code. */
async function runStep(name: string, command: string, args: readonly string[]): Promise<number> {
  const startedAtMs = performance.now();
  const child = spawn(`${root}node_modules/.bin/${command}`, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGTERM", stop).on("SIGINT", stop);
  const [code] = (await once(child, "exit")) as [number | null];
  process.off("SIGTERM", stop).off("SIGINT", stop);
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "ok" : "FAILED"}: ${name} (${seconds} s)\n`);
  return code ?? 1;
}

await buildPages();
process.stdout.write(`ok: widget, demo page, and worker bundle, ${build()} bytes gzipped\n`);
for (const [name, command, ...args] of STEPS) {
  process.exitCode = await runStep(name, command, args);
  if (process.exitCode !== 0) break;
}

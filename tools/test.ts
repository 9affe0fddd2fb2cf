import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "./build.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What `npm test` promises, cheapest first. */
const STEPS: readonly (readonly [string, string, ...string[]])[] = [
  ["types", "tsc", "-b", "bff", "."],
  ["lint", "oxlint", "--type-aware"],
  ["format", "oxfmt", "--check"],
  ["dead code", "knip"],
  ["unit and worker-bundle tests", "vitest", "run"],
];

function runStep(name: string, command: string, args: readonly string[]): void {
  const startedAtMs = performance.now();
  const { status } = spawnSync(`${root}node_modules/.bin/${command}`, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? "ok" : "FAILED"}: ${name} (${seconds} s)\n`);
  if (status !== 0) process.exit(status ?? 1);
}

process.stdout.write(`ok: worker bundle, ${build()} bytes gzipped\n`);
for (const [name, command, ...args] of STEPS) runStep(name, command, args);

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundle = join(root, "bff/dist/worker.js");
/** What Cloudflare would be sent, compressed. Source: the project's own budget, far below the platform's 3 MB. */
const MAX_GZIPPED_BYTES = 200_000;
const SOURCES = ["bff/src", "db/schema", "tools", "wrangler.toml", "package-lock.json"];

const run = (command: string, args: string[]): void => {
  execFileSync(command, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
};

function newestMs(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const inside = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => !name.includes("generated"));
  return Math.max(...inside.map((name) => statSync(join(path, name)).mtimeMs));
}

const isCurrent = (): boolean =>
  existsSync(bundle) && statSync(bundle).mtimeMs > Math.max(...SOURCES.map((path) => newestMs(join(root, path))));

/**
 * Makes the API's documents and the worker bundle, unless they are newer than everything they are made of.
 * Returns the bundle's gzipped size in bytes. @throws Error when it is over its budget
 */
export function build(): number {
  if (!isCurrent()) {
    run(process.execPath, ["tools/openapi.ts"]);
    rmSync(bundle, { force: true });
    run(join(root, "node_modules/.bin/wrangler"), ["deploy", "--dry-run", "--minify", "--outdir", "bff/dist"]);
  }
  const size = gzipSync(readFileSync(bundle)).length;
  if (size > MAX_GZIPPED_BYTES) {
    throw new Error(`The worker bundle has ${size} bytes gzipped; ${MAX_GZIPPED_BYTES} is the limit.`);
  }
  return size;
}

if (import.meta.main) {
  process.stderr.write(`bff/dist/worker.js: ${build()} bytes gzipped, of at most ${MAX_GZIPPED_BYTES}\n`);
}

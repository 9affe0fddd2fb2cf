import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPages } from "./build-pages.ts";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundle = join(root, "bff/dist/worker.js");
/** What it is made of, as esbuild tells it. */
const inventory = join(root, "bff/dist/worker.meta.json");
/** What it serves without containing it. */
const DOCUMENTS = ["docs.csp", "docs.html", "docs-guide.html", "docs-management.html", "openapi.json"].map((name) =>
  join(root, "bff/dist/assets", name),
);
/** What Cloudflare would be sent, compressed. Source: the project's own budget, far below the platform's 3 MB. */
const MAX_GZIPPED_BYTES = 300_000;
const CACHE = join(root, "node_modules/.cache");
const SOURCES = [
  "bff/src",
  "db/schema",
  "docs/runbooks.md",
  "docs/integrators",
  "tools",
  "wrangler.toml",
  "package-lock.json",
];

/** Scripts run on the Node that runs this one: the machine's own may be too old for them. */
const run = (...args: string[]): void => {
  execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
};

function newestMs(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const inside = readdirSync(path, { recursive: true, encoding: "utf8" });
  return Math.max(...inside.map((name) => statSync(join(path, name)).mtimeMs));
}

function isCurrent(): boolean {
  const sourcesMs = Math.max(...SOURCES.map((path) => newestMs(join(root, path))));
  return [bundle, inventory, ...DOCUMENTS].every((path) => existsSync(path) && statSync(path).mtimeMs > sourcesMs);
}

/**
 * Makes the API's documents and the worker bundle, unless they are newer than everything they are made of.
 * Returns the bundle's gzipped size in bytes. @throws Error when it is over its budget
 */
export function build(): number {
  if (!isCurrent()) {
    run("tools/openapi.ts");
    mkdirSync(CACHE, { recursive: true });
    const fresh = mkdtempSync(join(CACHE, "gasless-build-"));
    run("node_modules/wrangler/bin/wrangler.js", "deploy", "--dry-run", "--minify", "--metafile", "--outdir", fresh);
    // In one step: a worker that is starting finds the old bundle or the new one, never half of one.
    mkdirSync(dirname(bundle), { recursive: true });
    renameSync(join(fresh, "bundle-meta.json"), inventory);
    renameSync(join(fresh, "worker.js"), bundle);
    rmSync(fresh, { recursive: true });
  }
  const size = gzipSync(readFileSync(bundle)).length;
  if (size > MAX_GZIPPED_BYTES) {
    throw new Error(`The worker bundle has ${size} bytes gzipped; ${MAX_GZIPPED_BYTES} is the limit.`);
  }
  return size;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildPages();
  process.stderr.write(`bff/dist/worker.js: ${build()} bytes gzipped, of at most ${MAX_GZIPPED_BYTES}\n`);
}

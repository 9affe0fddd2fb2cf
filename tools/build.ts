import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundle = `${root}bff/dist/worker.js`;
/** What Cloudflare would be sent, compressed. Source: the project's own budget, far below the platform's 3 MB. */
const MAX_GZIPPED_BYTES = 200_000;

const run = (command: string, args: string[]): void => {
  execFileSync(command, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
};

/** Makes the API's documents and the worker bundle. Returns the bundle's gzipped size in bytes. */
export function build(): number {
  run(process.execPath, ["tools/openapi.ts"]);
  run(`${root}node_modules/.bin/wrangler`, ["deploy", "--dry-run", "--outdir", "bff/dist", "--minify"]);
  const size = gzipSync(readFileSync(bundle)).length;
  if (size > MAX_GZIPPED_BYTES) throw new Error(`the worker bundle has ${size} bytes gzipped; ${MAX_GZIPPED_BYTES} is the limit`);
  return size;
}

if (import.meta.main) process.stderr.write(`bff/dist/worker.js: ${build()} bytes gzipped, of ${MAX_GZIPPED_BYTES}\n`);

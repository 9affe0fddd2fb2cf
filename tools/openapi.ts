import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { renderDocs } from "./openapi/docs-page.ts";
import { buildDocument } from "./openapi/document.ts";
import { renderErrorsMarkdown } from "./openapi/errors-markdown.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const ERRORS_PAGE = "docs/errors.md";
/** What is deployed beside the worker. */
const ASSETS = "bff/dist/assets";
const CACHE = "node_modules/.cache";

function write(path: string, text: string): void {
  for (const folder of [CACHE, dirname(path)]) mkdirSync(root + folder, { recursive: true });
  // In one step, from elsewhere: a worker that runs or starts finds the old file or the new one, and nothing else.
  const fresh = join(root, CACHE, `gasless-openapi-${randomUUID()}`);
  writeFileSync(fresh, text);
  renameSync(fresh, root + path);
}

function isCurrent(path: string, text: string): boolean {
  return existsSync(root + path) && readFileSync(root + path, "utf8") === text;
}

if (process.argv.includes("--check")) {
  if (!isCurrent(ERRORS_PAGE, renderErrorsMarkdown())) {
    console.error(`${ERRORS_PAGE} is not current: run npm run openapi.`);
    process.exitCode = 1;
  }
} else {
  const { page, csp } = renderDocs();
  write(ERRORS_PAGE, renderErrorsMarkdown());
  write(`${ASSETS}/openapi.json`, JSON.stringify(buildDocument()));
  write(`${ASSETS}/docs.csp`, csp);
  write(`${ASSETS}/docs.html`, page);
}

import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { renderDocs } from "./openapi/docs-page.ts";
import { buildDocument } from "./openapi/document.ts";
import { renderErrorsMarkdown } from "./openapi/errors-markdown.ts";
import { renderGuide } from "./openapi/guide/page.ts";
import { renderManagement } from "./openapi/manage/page.ts";
import { DOCS_POLICY } from "./openapi/page/shell.ts";
import { renderPermissions } from "./openapi/permissions.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Committed, for those who read the repository. */
const PAGES = { "docs/errors.md": renderErrorsMarkdown, "docs/permissions.md": renderPermissions };
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
  for (const [path, render] of Object.entries(PAGES)) {
    if (isCurrent(path, render())) continue;
    console.error(`${path} is not current: run npm run openapi.`);
    process.exitCode = 1;
  }
} else {
  for (const [path, render] of Object.entries(PAGES)) write(path, render());
  write(`${ASSETS}/openapi.json`, JSON.stringify(buildDocument()));
  write(`${ASSETS}/docs.csp`, DOCS_POLICY);
  write(`${ASSETS}/docs.html`, renderDocs());
  write(`${ASSETS}/docs-guide.html`, renderGuide());
  write(`${ASSETS}/docs-management.html`, renderManagement());
}

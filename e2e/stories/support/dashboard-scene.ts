import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { build } from "vite";
import { launchChromium } from "../../browser/chromium.ts";
import { type PageWatch, watchPage } from "../../browser/page-checks.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const DASHBOARD = join(ROOT, "dashboard");
const CACHE = join(ROOT, "node_modules/.cache/gasless");
const ASSETS = "/dashboard/assets/";
const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css" };

/** As the API serves it, but for the connections: what the fake API answers comes from the page itself. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html";

const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Gasless</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/dashboard/assets/main.css"><script type="module" src="/dashboard/assets/main.js"></script>
</head><body></body></html>`;

export { FAKE_CODE, LIVE_PROJECT_ID, ORGANIZATION_ID, PROJECT_ID } from "../../../dashboard/src/testing/fake/world.ts";

interface FakeVisit {
  readonly role?: "owner" | "admin" | "developer" | "billing" | "viewer";
  readonly state?: "empty" | "busy" | "readded";
  readonly isSignedIn?: boolean;
  readonly standing?: "member" | "outside" | "unclaimed";
  /** Operations that are never answered, or answered as if a store were down. */
  readonly hangs?: readonly string[];
  readonly fails?: readonly string[];
  readonly context?: BrowserContextOptions;
}

export interface DashboardScene {
  readonly origin: string;
  /** Opens an address such as `/dashboard/p/…/keys` over the fake API; the page's first heading is there. */
  visit(path: string, visit?: FakeVisit): Promise<{ readonly page: Page; readonly watch: PageWatch }>;
  close(): Promise<void>;
}

/** The dashboard over its fake API, behind the policy that it is served with. */
export async function openDashboardScene(): Promise<DashboardScene> {
  await mkdir(CACHE, { recursive: true });
  const outDir = await mkdtemp(join(CACHE, "dashboard-"));
  await build({
    configFile: false,
    logLevel: "error",
    root: DASHBOARD,
    base: ASSETS,
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      outDir,
      emptyOutDir: false,
      modulePreload: false,
      minify: false,
      rolldownOptions: {
        input: join(DASHBOARD, "src/testing/main.ts"),
        output: { entryFileNames: "main.js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
      },
    },
  });
  await writeFile(join(outDir, "index.html"), HTML);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const name = pathname.startsWith(ASSETS) ? pathname.slice(ASSETS.length) : "index.html";
    const body = await readFile(join(outDir, name)).catch(() => undefined);
    if (body === undefined) return void response.writeHead(404).end();
    const type = TYPES[extname(name)] ?? "text/html; charset=utf-8";
    response.writeHead(200, { "Content-Type": type, "Content-Security-Policy": POLICY }).end(body);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const origin = `http://localhost:${typeof address === "object" && address ? address.port : 0}`;
  const browser: Browser = await launchChromium();
  return {
    origin,
    async visit(path, { context: options = {}, ...fake } = {}) {
      const context = await browser.newContext({ locale: "en-US", viewport: { width: 1440, height: 900 }, ...options });
      const page = await context.newPage();
      const watch = await watchPage(page);
      await page.addInitScript(`window.fake = ${JSON.stringify(fake)}`);
      await page.goto(origin + path);
      await page.locator("main h1").first().waitFor();
      return { page, watch };
    },
    async close() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

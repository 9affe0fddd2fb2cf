import { mkdir, mkdtemp, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const WIDGET = join(ROOT, "widget/dist");
const CACHE = join(ROOT, "node_modules/.cache/gasless");

/** The wallet that this project did not write, as one script for a page; gives its folder. Other workers make their own. */
export async function buildTestWallets(): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const outDir = await mkdtemp(join(CACHE, "stories-"));
  await build({
    configFile: false,
    logLevel: "error",
    root: join(ROOT, "e2e/stories/pages"),
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      outDir,
      emptyOutDir: false,
      lib: { entry: "wallets.ts", formats: ["es"], fileName: () => "wallets.js" },
    },
  });
  return outDir;
}

export interface TestPage {
  readonly url: string;
  close(): Promise<void>;
}

export interface TestPageOptions {
  readonly port: number;
  /** Where `buildTestWallets` put its script. */
  readonly wallets: string;
  readonly api: string;
  readonly project: string;
  /** What the burner announces itself with on load; `none`: a test announces it later. */
  readonly announce?: "sign-in" | "offchain" | "message" | "none";
  /** Attributes of the element beyond project and api, and of the script. */
  readonly attributes?: string;
  /** Where the page may connect to beside the BFF. */
  readonly connect?: readonly string[];
  readonly script?: string;
}

/** The strictest policy under which the widget promises to work; the page may call the BFF and nobody else. */
const policy = (allowed: readonly string[]) =>
  `default-src 'none'; script-src 'self'; style-src 'self'; connect-src ${allowed.join(" ")}; require-trusted-types-for 'script'`;

/** A page of somebody else's, with the script tag and one button of its own. */
export async function startTestPage(options: TestPageOptions): Promise<TestPage> {
  const { port, api, project, announce = "sign-in", attributes = "" } = options;
  const script = options.script ?? '<script type="module" src="/gasless-wallet.js"></script>';
  const html = `<!doctype html>
<html lang="en" data-announce="${announce}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A dapp</title>
<link rel="stylesheet" href="/page.css"><script type="module" src="/wallets.js"></script></head>
<body><main><h1>A dapp</h1>${script}
<gasless-wallet project="${project}" api="${api}" ${attributes}><button>Connect wallet</button></gasless-wallet>
<button id="own">Something else</button></main></body></html>`;
  const css = ":root { color-scheme: light dark; font-family: system-ui, sans-serif } body { margin: 1rem }";
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").replace(/\?.*$/, "");
    const reply = (type: string, body: string | Uint8Array) =>
      response
        .writeHead(200, { "content-type": type, "content-security-policy": policy([api, ...(options.connect ?? [])]) })
        .end(body);
    if (path === "/") return void reply("text/html; charset=utf-8", html);
    if (path === "/page.css") return void reply("text/css", css);
    if (path === "/favicon.ico") return void response.writeHead(204).end();
    const file = path === "/wallets.js" ? join(options.wallets, path) : join(WIDGET, path);
    return void readFile(file).then(
      (body) => reply("text/javascript", body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => void server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

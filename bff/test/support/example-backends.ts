import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findFreePort } from "@gasless/localnet/ports";
import { startWorker } from "@gasless/localnet/worker";
import { vi } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PAGE = readFileSync(join(ROOT, "docs/verify-our-tokens.md"), "utf8");
const COMPILER_OPTIONS = { types: ["@cloudflare/workers-types", "node"], noEmit: true, incremental: false };

/** The blocks of a language, as the page has them. */
export const blocksOf = (language: string): readonly string[] =>
  Array.from(PAGE.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g")), ([, block = ""]) => block);

/** A folder in which the page's files lie as its reader would have them. */
export interface ExampleFolder {
  readonly path: string;
  /** @throws Error with what the compiler says */
  checkTypes(): Promise<void>;
  /** Bundles the Worker by the page's own `wrangler.toml`; gives the script's path. */
  bundleWorker(): Promise<string>;
  remove(): void;
}

export function writeExamples(): ExampleFolder {
  const path = mkdtempSync(join(tmpdir(), "gasless-examples-"));
  const [verifier = "", server = "", worker = ""] = blocksOf("ts");
  const [settings = ""] = blocksOf("toml");
  const tsconfig = { extends: join(ROOT, "tsconfig.base.json"), compilerOptions: COMPILER_OPTIONS, include: ["*.ts"] };
  const files = {
    "verify-token.ts": verifier,
    "server.ts": server,
    "worker.ts": worker,
    "wrangler.toml": settings,
    "package.json": JSON.stringify({ type: "module" }),
    "tsconfig.json": JSON.stringify(tsconfig),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  symlinkSync(join(ROOT, "node_modules"), join(path, "node_modules"));
  const run = (script: string, ...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [join(ROOT, "node_modules", script), ...args], { cwd: path });
  return {
    path,
    async checkTypes() {
      await run("typescript/bin/tsc", "-p", "tsconfig.json").catch((error: { readonly stdout: string }) => {
        throw new Error(error.stdout);
      });
    },
    async bundleWorker() {
      await run("wrangler/bin/wrangler.js", "deploy", "--dry-run", "--outdir", "dist");
      return join(path, "dist/worker.js");
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A dapp's own backend, as the page has it. */
export interface Backend {
  readonly url: string;
  stop(): Promise<void>;
}

export interface BackendSettings {
  readonly api: string;
  readonly projectId: string;
  readonly origins: readonly string[];
}

const toEnv = ({ api, projectId, origins }: BackendSettings, self: string) => ({
  GASLESS_API: api,
  GASLESS_PROJECT: projectId,
  SELF: self,
  ORIGINS: origins.join(" "),
});

export async function startNodeBackend({ path }: ExampleFolder, settings: BackendSettings): Promise<Backend> {
  const port = await findFreePort("127.0.0.1");
  const url = `http://127.0.0.1:${port}`;
  const env = { PATH: process.env["PATH"], PORT: String(port), ...toEnv(settings, url) };
  // What it says of each refusal is for its own operator.
  const child = spawn(process.execPath, ["server.ts"], { cwd: path, env, stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await vi.waitFor(() => fetch(url), { timeout: 10_000 });
  return {
    url,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

export async function startWorkerBackend(scriptPath: string, settings: BackendSettings): Promise<Backend> {
  const port = await findFreePort("127.0.0.1");
  return startWorker({
    scriptPath,
    port,
    bindings: toEnv(settings, `http://127.0.0.1:${port}`),
    // The example has no database; the binding is of no use to it.
    databaseUrl: "postgres://nobody:nothing@127.0.0.1:1/none",
    durableObjects: { USED_PROOFS: "UsedProofs" },
  });
}

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startWorker } from "@gasless/localnet/worker";
import { build } from "vite";
import type { Question } from "./adapter-worker.ts";

const ROOT = join(import.meta.dirname, "../../..");
const CACHE = join(ROOT, "node_modules/.cache");
const ENTRY = join(import.meta.dirname, "adapter-worker.ts");
/** A worker always has a database here; this one asks nothing of it. */
const NO_DATABASE = "postgres://nobody:nothing@127.0.0.1:1/nothing";

/** Our adapters alone, in a workerd of their own. */
export interface AdapterWorkerd {
  ask<Answer>(question: Question): Promise<Answer>;
  stop(): Promise<void>;
}

async function bundle(folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: "warn",
    root: ROOT,
    resolve: { conditions: ["workerd", "worker", "import", "module", "default"] },
    build: {
      outDir: folder,
      target: "es2022",
      // What the runtime itself has, as wrangler leaves it.
      rolldownOptions: { external: /^node:/ },
      lib: { entry: ENTRY, formats: ["es"], fileName: () => "worker.js" },
    },
  });
  return join(folder, "worker.js");
}

export async function startAdapterWorkerd(): Promise<AdapterWorkerd> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, "gasless-adapters-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const scriptPath = await bundle(folder);
  const worker = await startWorker({ scriptPath, bindings: {}, databaseUrl: NO_DATABASE, durableObjects: {} }).catch(
    (cause: unknown) => {
      remove();
      throw cause;
    },
  );
  return {
    async ask<Answer>(question: Question) {
      const response = await fetch(worker.url, { method: "POST", body: JSON.stringify(question) });
      if (response.status !== 200)
        throw new Error(`the adapters answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as Answer;
    },
    async stop() {
      await worker.stop();
      remove();
    },
  };
}

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { createServer, createServerModuleRunner, type ViteDevServer } from "vite";
import { findTests } from "./find-tests.ts";
import { createMiniVitest, type DeclaredTest } from "./mini-vitest.ts";

const ROOT = join(import.meta.dirname, "../..");
const TESTS = "bff/src/domain/**/*.test.ts";
const TEST_TIMEOUT_MS = 20_000;
/** What vitest's assertions say where one of them needs vitest itself, such as a snapshot's. */
const NEEDS_VITEST = /Vitest failed to access its internal state|cannot be used without test context/;

/** A file, relative to the repository, and what is to stand in its place. */
export interface Order {
  readonly file: string;
  readonly code: string;
}

/** What this process tells the one that started it. */
export type Message =
  | { readonly kind: "ready"; readonly tests: number; readonly leftOut: readonly string[] }
  | { readonly kind: "unfit"; readonly failing: readonly string[] }
  /** The test that noticed; undefined: none did. */
  | { readonly kind: "verdict"; readonly killer: string | undefined };

const tell = (message: Message): void => void process.send?.(message);

/** What stands in a file's place; nothing when undefined. */
let served: { readonly path: string; readonly code: string } | undefined;
const sources = new Map<string, string>();

/** As it was when it was first asked for: who edits a file meanwhile changes nothing here. */
function readSource(path: string): string | undefined {
  if (path === served?.path) return served.code;
  if (!path.startsWith(ROOT) || path.includes("/node_modules/") || !path.endsWith(".ts")) return undefined;
  const source = sources.get(path) ?? readFileSync(path, "utf8");
  sources.set(path, source);
  return source;
}

const mini = createMiniVitest();
(globalThis as { miniVitest?: unknown }).miniVitest = mini.exports;
const MINI_VITEST = Object.keys(mini.exports)
  .map((name) => `export const ${name} = globalThis.miniVitest.${name};`)
  .join("\n");

// A property that fails has said enough.
fc.configureGlobal({ endOnFailure: true });

const server: ViteDevServer = await createServer({
  configFile: false,
  root: ROOT,
  logLevel: "silent",
  appType: "custom",
  server: { middlewareMode: true, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
  // Or it would never be asked for here.
  ssr: { noExternal: ["vitest"] },
  plugins: [
    {
      name: "mutant",
      enforce: "pre",
      resolveId: (id) => (id === "vitest" ? "\0mini-vitest" : undefined),
      load: (id) => (id === "\0mini-vitest" ? MINI_VITEST : readSource(id)),
    },
  ],
});
const runner = createServerModuleRunner(server.environments.ssr, { hmr: false });

/** Declared anew each time: a test file holds what the changed module gave it when it was read. */
async function declare(file: string): Promise<readonly DeclaredTest[]> {
  await runner.import(file);
  return mini.take();
}

/** A failure that no test waits for, such as a promise's that it forgot. */
let stray: unknown;
process.on("unhandledRejection", (error) => (stray = error));

async function isPassed({ run }: DeclaredTest): Promise<true | string> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("it took too long")), TEST_TIMEOUT_MS);
  try {
    stray = undefined;
    await Promise.race([run(), promise]);
    return stray === undefined ? true : "it left a promise behind that failed";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}

/** How long each test file takes, and how often it was the one that noticed. */
const durationMs = new Map<string, number>();
const kills = new Map<string, number>();
const leftOut = new Set<string>();

/** The file's own test, then who has noticed most, then the quickest. */
function rank(source: string, tests: readonly string[]): readonly string[] {
  const own = source.replace(/\.ts$/, ".test.ts");
  const score = (test: string): number =>
    (test === own ? 1_000_000 : 0) + 1_000 * (kills.get(`${source} ${test}`) ?? 0) - (durationMs.get(test) ?? 0);
  return tests.toSorted((left, right) => score(right) - score(left));
}

/** Forgets a file and everything that was made from it. */
function forget(path: string): void {
  const { moduleGraph } = server.environments.ssr;
  for (const module of moduleGraph.getModulesByFile(path) ?? []) moduleGraph.invalidateModule(module);
  const seen = new Set<string>();
  const forgetModule = (id: string): void => {
    const module = runner.evaluatedModules.getModuleById(id);
    if (!module || seen.has(id)) return;
    seen.add(id);
    for (const importer of module.importers) forgetModule(importer);
    runner.evaluatedModules.invalidateModule(module);
  };
  forgetModule(path);
}

async function firstFailure(file: string): Promise<string | undefined> {
  let tests: readonly DeclaredTest[];
  try {
    tests = await declare(file);
  } catch (error) {
    mini.take();
    return `${file}: ${String(error)}`;
  }
  for (const one of tests) {
    if (leftOut.has(`${file} ${one.name}`)) continue;
    const answer = await isPassed(one);
    if (answer !== true) return `${file} > ${one.name}: ${answer}`;
  }
  return undefined;
}

const files = globSync(TESTS, { cwd: ROOT }).map((file) => join(ROOT, file));
const testsOf = findTests(files);

/** Runs everything once as it is; what cannot be run here is left out, what fails is told. */
async function runUnchanged(): Promise<{ readonly tests: number; readonly failing: readonly string[] }> {
  const failing: string[] = [];
  let tests = 0;
  for (const file of files) {
    const startedAtMs = performance.now();
    for (const one of await declare(file)) {
      tests += 1;
      const answer = await isPassed(one);
      if (answer === true) continue;
      if (NEEDS_VITEST.test(answer)) leftOut.add(`${file} ${one.name}`);
      else failing.push(`${file} > ${one.name}: ${answer}`);
    }
    durationMs.set(file, performance.now() - startedAtMs);
    forget(file);
  }
  return { tests, failing };
}

async function findKiller({ file, code }: Order): Promise<string | undefined> {
  const path = join(ROOT, file);
  served = { path, code };
  forget(path);
  try {
    for (const test of rank(path, testsOf(path))) {
      forget(test);
      const failure = await firstFailure(test);
      if (failure === undefined) continue;
      kills.set(`${path} ${test}`, (kills.get(`${path} ${test}`) ?? 0) + 1);
      return failure;
    }
    return undefined;
  } finally {
    served = undefined;
    forget(path);
  }
}

process.on("disconnect", () => process.exit());
process.on("message", (next: Order) => {
  findKiller(next).then(
    (killer) => tell({ kind: "verdict", killer }),
    (error: unknown) => {
      console.error(`${next.file}: ${String(error)}`);
      process.exit(1);
    },
  );
});

// Nothing can be told of mutants where tests fail without any.
const { tests, failing } = await runUnchanged();
tell(failing.length > 0 ? { kind: "unfit", failing } : { kind: "ready", tests, leftOut: [...leftOut] });

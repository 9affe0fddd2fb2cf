import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type InlineConfig, type Rolldown } from "vite";
import { buildDashboard } from "./build-dashboard.ts";
import { buildPera } from "./build-pera.ts";
import { isCurrent } from "./is-current.ts";
import { packTemplatesPlugin } from "./pack-templates.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const WIDGET = join(root, "widget");
const DEMO = join(root, "demo-site");
/** The weight of others' code: built apart, into files that import nothing; modules and the classic script fetch the same. */
const APART = /wallets\/(?:web3|algorand\/pera)\.ts$/;
/** What even the one-file build leaves to be fetched when it is needed; languages, too. */
const FETCHED = /strings\/(?:ar|de|es)\.ts$/;

// A test runner's own setting would bring the development builds of libraries along.
process.env["NODE_ENV"] = "production";
const COMMON: InlineConfig = {
  configFile: false,
  plugins: [packTemplatesPlugin],
  logLevel: "warn",
  define: { "process.env.NODE_ENV": '"production"' },
};
const chunkPath = (id: string): string => `./chunks/${basename(id, ".ts")}.js`;
const OUTPUT: Rolldown.OutputOptions = {
  chunkFileNames: "chunks/[name].js",
  entryFileNames: "[name].js",
  // What is served as it is needs no hints for a bundler.
  comments: false,
  paths: chunkPath,
};

function library(folder: string, entry: InlineConfig["build"] & object): Promise<unknown> {
  const defaults = { outDir: "dist", emptyOutDir: false, target: "es2022", minify: true, sourcemap: true } as const;
  return build({ ...COMMON, root: folder, build: { modulePreload: false, ...defaults, ...entry } });
}

/** ES modules: the entry, the dialog, and a chunk for each language and kind of wallet. */
const buildModules = () =>
  library(WIDGET, {
    lib: { entry: "src/gasless-wallet.ts", formats: ["es"] },
    // What the lazy chunks share with the first load stays in it: one request, not one for each.
    rolldownOptions: {
      preserveEntrySignatures: "allow-extension",
      external: [APART],
      output: { ...OUTPUT, minify: true },
    },
  });

/** The library that adapters of a page speak in. */
const buildWeb3 = () =>
  library(WIDGET, {
    outDir: "dist/chunks",
    lib: { entry: "src/wallets/web3.ts", formats: ["es"], fileName: () => "web3.js" },
    rolldownOptions: { output: { codeSplitting: false, minify: true, comments: false } },
  });

/** The npm entry: it may be imported where there is no page. */
const buildIndex = () =>
  library(WIDGET, {
    lib: { entry: "src/index.ts", formats: ["es"] },
    rolldownOptions: { external: [/gasless-wallet\.ts$/], output: { ...OUTPUT, paths: () => "./gasless-wallet.js" } },
  });

/** One classic script, for pages without modules. */
const buildScript = () =>
  library(WIDGET, {
    lib: {
      entry: "src/gasless-wallet.ts",
      formats: ["iife"],
      name: "Gasless",
      fileName: () => "gasless-wallet.iife.js",
    },
    rolldownOptions: {
      external: [APART, FETCHED],
      // Nothing that is in the one file is ever loaded again by its address.
      transform: { define: { "import.meta.url": "document.baseURI" } },
      output: { codeSplitting: false, paths: chunkPath },
    },
  });

/** One script for each page of the demo. */
const DEMO_PAGES = { demo: "src/demo.ts", algorand: "src/algorand/algorand.ts", phone: "src/algorand/phone/phone.ts" };
async function buildDemo(): Promise<void> {
  for (const [name, entry] of Object.entries(DEMO_PAGES)) {
    await library(DEMO, { lib: { entry, formats: ["es"], fileName: () => `${name}.js` } });
  }
}

/** A tool's own script, on the Node that runs this one. */
function run(script: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [join(root, "node_modules", script), ...args], {
    cwd: WIDGET,
    stdio: ["ignore", 2, 2],
  });
}

/** Builds the widget, the demo pages and the dashboard, unless they are newer than everything they are made of. */
export async function buildPages(): Promise<void> {
  const shared = [
    join(root, "package-lock.json"),
    join(root, "tools/build-pages.ts"),
    join(root, "tools/build-pera.ts"),
    join(root, "tools/pack-templates.ts"),
    join(root, "tsconfig.base.json"),
  ];
  if (!isCurrent(join(WIDGET, "dist/gasless-wallet.iife.js"), [join(WIDGET, "src"), ...shared])) {
    rmSync(join(WIDGET, "dist"), { recursive: true, force: true });
    await buildModules();
    await buildWeb3();
    await buildPera(join(WIDGET, "dist/chunks"));
    await buildIndex();
    run("typescript/bin/tsc", "-p", "tsconfig.types.json");
    const element = "src/elements/gasless-wallet/gasless-wallet.ts";
    run(
      "@custom-elements-manifest/analyzer/cem.js",
      "analyze",
      "--litelement",
      "--quiet",
      "--globs",
      element,
      "--outdir",
      "dist",
    );
    await buildScript();
  }
  const scripts = Object.keys(DEMO_PAGES).map((name) => join(DEMO, `dist/${name}.js`));
  if (!scripts.every((script) => isCurrent(script, [join(DEMO, "src"), ...shared]))) await buildDemo();
  await buildDashboard();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPages();

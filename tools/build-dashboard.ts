import { createHash, randomUUID } from "node:crypto";
import { cpSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";
// oxlint-disable-next-line no-restricted-imports -- a name alone: the page has to say which project people sign in to
import { CONSOLE_PUBLISHABLE_KEY } from "../bff/src/contract/manage/console.ts";
import { isCurrent } from "./is-current.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const DASHBOARD = join(root, "dashboard");
const WIDGET = join(root, "widget/dist");
/** Where the worker finds it: `index.html`, and `assets/` with names that change with their content. */
const OUTPUT = join(root, "bff/dist/assets/dashboard");
const CACHE = join(root, "node_modules/.cache");
/** The shell, the client and what pages are made of; charts are drawn by code of their own. */
const SHARED =
  /dashboard\/src\/(?:api|app|format|session|ui\/(?!chart))|node_modules\/(?:@lit|lit|lit-html|lit-element)\//;
/** Of the widget, what a page loads: not the classic script, the npm entry, or what is for editors. */
const WIDGET_FILES = ["gasless-wallet.js", "chunks/*.js"];
const HASH_LENGTH = 10;

/** The widget's files under a folder that is named by their content: they may be kept for ever, like all others. */
function hashWidget(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(join(WIDGET, file)));
  return hash.digest("hex").slice(0, HASH_LENGTH);
}

/** Puts the console's key and the widget's script into the page. */
const shell = (widget: string): Plugin => ({
  name: "gasless-shell",
  transformIndexHtml: (html) => ({
    html: html.replace("%GASLESS_PROJECT%", CONSOLE_PUBLISHABLE_KEY),
    tags: [
      { tag: "script", attrs: { type: "module", src: `/dashboard/${widget}/gasless-wallet.js` }, injectTo: "head" },
    ],
  }),
});

/** Builds the dashboard, with the widget beside it, unless it is newer than everything it is made of. */
export async function buildDashboard(): Promise<void> {
  const sources = [
    "dashboard/src",
    "dashboard/index.html",
    "widget/dist",
    "tools/build-dashboard.ts",
    "package-lock.json",
  ];
  if (
    isCurrent(
      join(OUTPUT, "index.html"),
      sources.map((path) => join(root, path)),
    )
  )
    return;
  const files = globSync(WIDGET_FILES, { cwd: WIDGET }).toSorted();
  const widget = `assets/widget-${hashWidget(files)}`;
  const fresh = join(CACHE, `gasless-dashboard-${randomUUID()}`);
  await build({
    configFile: false,
    logLevel: "warn",
    root: DASHBOARD,
    base: "/dashboard/",
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [shell(widget)],
    build: {
      outDir: fresh,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: { polyfill: false },
      // A style or picture inside the script would need a policy that lets it in.
      assetsInlineLimit: 0,
      rolldownOptions: {
        output: {
          entryFileNames: "assets/app-[hash].js",
          comments: false,
          // What nearly every page needs comes in one file, not in one for each thing that two pages share.
          codeSplitting: { groups: [{ name: "app-shared", test: SHARED }] },
        },
      },
    },
  });
  for (const file of files) {
    mkdirSync(join(fresh, widget, dirname(file)), { recursive: true });
    cpSync(join(WIDGET, file), join(fresh, widget, file));
  }
  // Nobody finds half of it: a worker that runs has its page from before or after.
  rmSync(OUTPUT, { recursive: true, force: true });
  mkdirSync(dirname(OUTPUT), { recursive: true });
  renameSync(fresh, OUTPUT);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildDashboard();

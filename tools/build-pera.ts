import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";
import { packTemplatesPlugin } from "./pack-templates.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OWN = join(ROOT, "widget/src/wallets/algorand");

/** What Pera's code names and never calls on our paths, or calls with what is encoded already. */
const REPLACED: Readonly<Record<string, string>> = {
  algosdk: join(OWN, "algosdk.ts"),
  "tweetnacl-ts": join(OWN, "nothing.ts"),
  bowser: join(OWN, "nothing.ts"),
};
/** The dialog that it draws, as elements of the page's. */
const ITS_DIALOG = /^\.\/App-[\da-f]+\.js$/;

/** Which of the page's names a module is given from our side: the module itself stays as it was published. */
const BOUND: readonly (readonly [module: RegExp, from: string, names: readonly string[]])[] = [
  [
    /@perawallet\/connect\/dist\/index-[\da-f]+\.js$/,
    "environment.ts",
    ["Buffer", "console", "document", "fetch", "localStorage", "navigator", "window"],
  ],
  [/@perawallet\/walletconnect\/dist\/index\.js$/, "walletconnect-environment.ts", ["globalThis", "window"]],
];

function bindPage(): Plugin {
  return {
    name: "pera-in-a-room-of-its-own",
    enforce: "pre",
    resolveId: (id) => (ITS_DIALOG.test(id) ? join(OWN, "nothing.ts") : REPLACED[id]),
    transform(code, id) {
      const [, from, names] = BOUND.find(([module]) => module.test(id)) ?? [];
      if (from === undefined || names === undefined) return undefined;
      return { code: `import { ${names.join(", ")} } from ${JSON.stringify(join(OWN, from))};\n${code}`, map: null };
    },
  };
}

/** Builds the chunk that comes when Pera is chosen. It imports nothing: modules and the classic script load the same file. */
export async function buildPera(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: "warn",
    root: join(ROOT, "widget"),
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [bindPage(), packTemplatesPlugin],
    build: {
      outDir,
      emptyOutDir: false,
      target: "es2022",
      minify: true,
      sourcemap: true,
      lib: { entry: join(OWN, "pera.ts"), formats: ["es"], fileName: () => "pera.js" },
      rolldownOptions: { output: { codeSplitting: false, minify: true, comments: false } },
    },
  });
}

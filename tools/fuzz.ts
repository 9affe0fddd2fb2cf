import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const DEFAULT_SECONDS = 600;
const TARGETS = ["bff/test/fuzz", "bff/test/simulation"];

const USAGE = `usage: npm run fuzz [-- <seconds> [<seed>]]
Random transactions on a real SVM, and the lives of relays with crashes and lies, side by side for ten minutes or as long
as is said. A failure names its seed: give it to run the same again.
`;

/** A fresh seed each time, so that nights add up. */
function readArguments([seconds = String(DEFAULT_SECONDS), seed]: readonly string[]):
  | Record<string, string>
  | undefined {
  if (!/^[1-9][0-9]{0,5}$/.test(seconds) || (seed !== undefined && !/^[0-9]{1,10}$/.test(seed))) return undefined;
  const start = String(Math.floor(Date.now() / 1_000));
  return {
    GASLESS_FUZZ_SECONDS: seconds,
    ...(seed === undefined ? { GASLESS_FUZZ_START: start } : { GASLESS_FUZZ_SEED: seed }),
  };
}

const settings = readArguments(process.argv.slice(2));
if (settings === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  process.stdout.write(`${JSON.stringify(settings)}\n`);
  const child = spawn(`${root}node_modules/.bin/vitest`, ["run", "--project", "worker", ...TARGETS], {
    cwd: root,
    env: { ...process.env, ...settings },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGTERM", stop).on("SIGINT", stop);
  const [code] = (await once(child, "exit")) as [number | null];
  process.exitCode = code ?? 1;
}

import { once } from "node:events";
import { proveFirstRelay } from "./prove.ts";
import { createCleanup } from "./supervisor/cleanup.ts";
import { NETWORK } from "./supervisor/demo-project.ts";
import { measureTree } from "./supervisor/memory.ts";
import { describeAsJson, describeCosts, describeProof, describeStack } from "./supervisor/report.ts";
import { type Flags, parseFlags, parseSettings, ROOT, USAGE } from "./supervisor/settings.ts";
import { type Stack, type StartContext, startStack } from "./supervisor/stack.ts";
import { catchStopSignals } from "./supervisor/stop-signals.ts";

const say = (text: string): void => void process.stdout.write(text);
const warn = (message: string): void => void process.stderr.write(`${message}\n`);

function readFlags(): Flags | undefined {
  try {
    return parseFlags(process.argv.slice(2));
  } catch (error) {
    warn(`npm start: ${messageOf(error)}\n\n${USAGE}`);
    return undefined;
  }
}

/** Runs the stack until it is told to stop; gives the exit code. */
async function run(json: boolean): Promise<number> {
  const signal = catchStopSignals();
  const cleanup = createCleanup(warn);
  try {
    await runUntilStopped(json, { cleanup, signal, warn });
    return 0;
  } catch (error) {
    // What fails because everything is being stopped has not failed.
    if (signal.aborted) return 0;
    warn(`npm start: ${messageOf(error)}`);
    return 1;
  } finally {
    await cleanup.run();
  }
}

async function runUntilStopped(json: boolean, context: StartContext): Promise<void> {
  const stopped = once(context.signal, "abort");
  const settings = parseSettings(process.env);
  // Miniflare takes modules from below the working directory only.
  process.chdir(ROOT);
  const stack = await startStack(settings, context);
  if (json) say(`${describeAsJson(stack)}\n`);
  else await Promise.race([demonstrate(stack), stopped]);
  await stopped;
}

async function demonstrate(stack: Stack): Promise<void> {
  say(describeStack(stack));
  const target = { api: stack.api, origin: stack.origin, publishableKey: stack.publishableKey, network: NETWORK };
  const proof = await proveFirstRelay(target, stack.solanaRpc).catch((cause: unknown) => {
    const log = `Its log: ${stack.data.workerLog}`;
    throw new Error(`the first relay failed: ${messageOf(cause)}\n${log}`, { cause });
  });
  say(describeProof(proof));
  // The bootstrap holds memory as well, and is there only because of this stack.
  say(describeCosts(measureTree(process.connected ? process.ppid : process.pid), performance.now()));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const flags = readFlags();
if (flags?.kind === "help") say(USAGE);
process.exit(flags === undefined ? 2 : flags.kind === "help" ? 0 : await run(flags.json));

import { once } from "node:events";
import { proveFirstRelay } from "../prove.ts";
import { createCleanup } from "./cleanup.ts";
import { NETWORK } from "./demo-project.ts";
import { measureTree } from "./memory.ts";
import { describeAsJson, describeCosts, describeProof, describeStack } from "./report.ts";
import { parseSettings, ROOT, type RunFlags } from "./settings.ts";
import { type Stack, type StartContext, startStack } from "./stack.ts";

const say = (text: string): void => void process.stdout.write(text);
const warn = (message: string): void => void process.stderr.write(`${message}\n`);

/** Runs the stack until `signal` says to stop, then stops all of it; gives the exit code. */
export async function runStack(flags: RunFlags, signal: AbortSignal): Promise<number> {
  const cleanup = createCleanup(warn);
  try {
    await runUntilStopped(flags, { cleanup, signal, warn });
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

async function runUntilStopped({ json, origins }: RunFlags, context: StartContext): Promise<void> {
  context.signal.throwIfAborted();
  const stopped = once(context.signal, "abort");
  const settings = parseSettings(process.env);
  // Miniflare takes modules from below the working directory only.
  process.chdir(ROOT);
  const stack = await startStack(settings, origins, context);
  if (json) say(`${describeAsJson(stack)}\n`);
  else await Promise.race([demonstrate(stack), stopped]);
  await stopped;
}

async function demonstrate(stack: Stack): Promise<void> {
  say(describeStack(stack));
  const target = { api: stack.api, origin: stack.origin, publishableKey: stack.publishableKey, network: NETWORK };
  try {
    say(describeProof(await proveFirstRelay(target, stack.solanaRpc)));
  } catch (error) {
    // The stack goes on: what refuses the relay may be a policy of the developer's own, to be changed while it runs.
    warn(`The first relay failed: ${messageOf(error)}\nThe worker's log: ${stack.data.workerLog}`);
  }
  // The bootstrap holds memory as well, and is there only because of this stack.
  say(describeCosts(measureTree(process.connected ? process.ppid : process.pid), performance.now()));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { type Flags, parseFlags, USAGE } from "./supervisor/settings.ts";
import { catchStopSignals } from "./supervisor/stop-signals.ts";

function readFlags(): Flags | undefined {
  try {
    return parseFlags(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`npm start: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return undefined;
  }
}

async function main(): Promise<number> {
  const flags = readFlags();
  if (flags === undefined) return 2;
  if (flags.kind === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  const signal = catchStopSignals();
  // Loading all of it takes most of a second, in which a signal must be heard already.
  const { runStack } = await import("./supervisor/run.ts");
  return runStack(flags, signal);
}

process.exit(await main());

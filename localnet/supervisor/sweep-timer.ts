import type { Worker } from "../worker.ts";
import type { Cleanup } from "./cleanup.ts";

const EVERY_MS = 60_000;

/** Runs the worker's cron handler now and each minute: on one machine nobody else does. */
export async function keepSweeping(
  worker: Pick<Worker, "runScheduled">,
  cleanup: Cleanup,
  warn: (message: string) => void,
): Promise<void> {
  let isRunning = false;
  const sweep = async () => {
    if (isRunning) return;
    isRunning = true;
    try {
      await worker.runScheduled();
    } catch (error) {
      warn(`the scheduled sweep failed: ${String(error)}`);
    } finally {
      isRunning = false;
    }
  };
  const timer = setInterval(() => void sweep(), EVERY_MS);
  cleanup.add("the sweep timer", () => clearInterval(timer));
  await sweep();
}

import type { Random } from "./random.ts";
import type { Process, Scheduler } from "./scheduler.ts";

const CRON_MS = 60_000;
const ALARM_MS = 1_000;

interface Scene {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** True while relays are left that have not ended. Never fails. */
  readonly sweep: (process: Process) => Promise<boolean>;
  /** Asks for the alarm as a process does, which may be in vain. */
  readonly askForWake: (process: Process) => void;
}

/**
 * Who looks after the relays of the network: an alarm that is set again while there is something left, one at a time,
 * and each minute a run beside it, in case the alarm was lost. Returns how the alarm is woken.
 */
export function startSweepers({ scheduler, random, sweep, askForWake }: Scene): () => void {
  const { at, spawn } = scheduler;
  let isSet = false;
  let isRunning = false;

  function wake(): void {
    if (isSet) return;
    isSet = true;
    if (!isRunning) at(ALARM_MS, ring, true);
  }

  function end(isWanted: boolean): void {
    const wasSet = isSet;
    isRunning = false;
    isSet = false;
    if (isWanted || wasSet) wake();
  }

  async function lookAfter(process: Process, then: (hasMore: boolean) => void): Promise<void> {
    then(await sweep(process));
  }

  function ring(): void {
    isSet = false;
    isRunning = true;
    // Of an alarm that died, the platform may try another one.
    const process = spawn("alarm", () => end(random.chance(0.5)));
    void lookAfter(process, end);
  }

  function ringCron(): void {
    at(CRON_MS, ringCron, true);
    const process = spawn("cron");
    void lookAfter(process, (hasMore) => {
      if (hasMore) askForWake(process);
    });
  }

  at(random.below(CRON_MS), ringCron, true);
  return wake;
}

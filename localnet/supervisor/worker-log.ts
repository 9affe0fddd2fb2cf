import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import type { WorkerLogEntry } from "../worker.ts";
import type { Cleanup } from "./cleanup.ts";

const MAX_BYTES = 64 * 1024 * 1024;

/** Writes the worker's lines to a file that begins anew at each start and when it is full; errors are shown as well. */
export function openWorkerLog(
  file: string,
  cleanup: Cleanup,
  show: (message: string) => void,
  maxBytes = MAX_BYTES,
): (entry: WorkerLogEntry) => void {
  const log = openSync(file, "w", 0o600);
  let position = 0;
  let isOpen = true;
  cleanup.add("the worker's log", () => {
    isOpen = false;
    closeSync(log);
  });
  return ({ level, message }) => {
    if (level === "error") show(`worker: ${message}`);
    // Last words may come while everything is being closed.
    if (!isOpen) return;
    if (position > maxBytes) {
      ftruncateSync(log);
      position = 0;
    }
    position += writeSync(log, `${new Date().toISOString()} ${level} ${message.trimEnd()}\n`, position);
  };
}

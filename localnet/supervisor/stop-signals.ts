const SIGNALS: ReadonlySet<string | symbol> = new Set(["SIGTERM", "SIGINT", "SIGHUP"]);

/**
 * Aborted by the first request to stop: a signal, or the end of the bootstrap that started this process.
 * Ctrl-C arrives twice, from the terminal and from the bootstrap; only the first one counts.
 */
export function catchStopSignals(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  for (const signal of SIGNALS) process.on(signal, stop);
  process.on("disconnect", stop);
  refuseOtherListeners(stop);
  // Who read our output may be gone before us; that must not end the stack half-stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  return controller.signal;
}

/** Miniflare would end the process at a signal, before PostgreSQL has stopped and the chain is saved. */
function refuseOtherListeners(own: () => void): void {
  process.on("newListener", (name: string | symbol, listener: (...args: unknown[]) => void) => {
    if (SIGNALS.has(name) && listener !== own) queueMicrotask(() => process.off(name, listener));
  });
}

import type { ReactiveControllerHost } from "lit";

interface PollingSettings {
  readonly everyMs: number;
  /** Asked after each update: false stops it until the next. */
  readonly isWanted: () => boolean;
  readonly run: () => Promise<unknown>;
}

/** Looks again every so often, while that is wanted and somebody sees the page. */
export function createPolling(host: ReactiveControllerHost, { everyMs, isWanted, run }: PollingSettings): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOnPage = false;
  const stop = (): void => {
    isOnPage = false;
    clearTimeout(timer);
    timer = undefined;
  };
  const look = async (): Promise<void> => {
    timer = undefined;
    // What cannot be read now is asked for again; the page shows why by its own task.
    if (!document.hidden) await run().catch(() => undefined);
    host.requestUpdate();
  };
  host.addController({
    hostConnected() {
      isOnPage = true;
    },
    hostUpdated() {
      // An answer that comes after the page was left updates it, too.
      if (isOnPage && timer === undefined && isWanted()) timer = setTimeout(() => void look(), everyMs);
    },
    hostDisconnected: stop,
  });
}

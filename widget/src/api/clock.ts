/** The server's time, as far as its answers have told it: a device's own clock may be off by hours. */
export interface ServerClock {
  nowMs(): number;
  /** Takes the `Date` of an answer. */
  see(date: string | null): void;
}

export function createServerClock(): ServerClock {
  let offsetMs = 0;
  return {
    nowMs: () => Date.now() + offsetMs,
    see(date) {
      const serverMs = Date.parse(date ?? "");
      if (!Number.isNaN(serverMs)) offsetMs = serverMs - Date.now();
    },
  };
}

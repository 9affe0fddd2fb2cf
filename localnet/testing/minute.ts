import { vi } from "vitest";

/** Windows of rate limits are minutes of the clock: what counts within one must not begin at its very end. */
export const untilRoomInMinute = (roomMs = 3_000): Promise<unknown> =>
  vi.waitFor(
    () => {
      const leftMs = 60_000 - (Date.now() % 60_000);
      if (leftMs < roomMs) throw new Error(`${leftMs} ms of the minute are left`);
    },
    { timeout: roomMs + 2_000, interval: 100 },
  );

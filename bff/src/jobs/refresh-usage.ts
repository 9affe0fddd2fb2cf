import { AppError } from "../errors.ts";
import type { Ports } from "../ports.ts";

/** A run gives way to the next minute's: the newest hours come first, and what is left is due again. */
const RUN_FOR_MS = 30_000;
/** Of a thousand rows. */
const MAX_BATCHES = 20;

/** Sums up the hours whose relays may still change. May be repeated at any time. Never throws; no hour stops another. */
export async function refreshUsage({
  usage,
  watch,
  clock,
  log,
}: Pick<Ports, "usage" | "watch" | "clock" | "log">): Promise<void> {
  const untilMs = clock.nowMs() + RUN_FOR_MS;
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (cause) {
      log.error("usage.failed", { code: cause instanceof AppError ? cause.code : undefined, cause });
      return false;
    }
  };
  await attempt(async () => {
    let isDone = true;
    for (const hour of await usage.listDueHours()) {
      isDone = clock.nowMs() < untilMs && (await attempt(() => usage.refresh(hour))) && isDone;
    }
    if (isDone) await watch.beat("usage");
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      if ((await usage.purge()) === 0) break;
    }
  });
}

import type { LimitCheck, LimitState } from "../../domain/limits.ts";

const MAX_SUBJECTS = 10_000;
const MINUTE_MS = 60_000;

/**
 * What each caller has taken in the current minute, as far as this isolate knows. Of more callers than can be kept, the
 * newcomers share one count, or are not counted: `whenFull`.
 */
export function createLocalAllowance(whenFull: "share" | "pass") {
  let currentMinute = 0;
  const counts = new Map<string, number>();

  function keyOf({ name, subject }: LimitCheck): string | undefined {
    const key = `${name} ${subject}`;
    if (counts.has(key) || counts.size < MAX_SUBJECTS) return key;
    return whenFull === "share" ? `${name} and others` : undefined;
  }

  /** Takes `amount` from a limit, or gives it back. */
  return function take(check: LimitCheck, nowMs: number, amount = 1): LimitState {
    const { name, perMinute: limit } = check;
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (currentMinute !== minute) {
      currentMinute = minute;
      counts.clear();
    }
    const key = keyOf(check);
    const count = key === undefined ? 0 : (counts.get(key) ?? 0) + amount;
    if (key !== undefined) counts.set(key, count);
    const resetSeconds = Math.max(1, Math.ceil(((minute + 1) * MINUTE_MS - nowMs) / 1000));
    return { name, limit, remaining: limit - count, resetSeconds };
  };
}

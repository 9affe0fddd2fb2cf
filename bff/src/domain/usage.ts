/** Upper bounds in seconds of the buckets that relays are counted in by their time from signing to the end; the last has none. */
const LAND_TIME_BOUNDS = [1, 2, 4, 8, 16, 32, 64] as const;
/** What is said of those that took longer than the longest bound. */
const LONGEST_SECONDS = 128;

/** The bound under which a share of all relays landed; null: none has. `counts`: by bucket. */
export function landTimeOf(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  const bucket = counts.findIndex((count) => (seen += count) >= total * share);
  return LAND_TIME_BOUNDS[bucket] ?? LONGEST_SECONDS;
}

const STEP_MS = { hour: 3_600_000, day: 86_400_000 } as const;

/** The hours or days, UTC, of which the last one is not over yet. */
export function stepsUntil(nowMs: number, step: "hour" | "day", count: number): number[] {
  const lastMs = nowMs - (nowMs % STEP_MS[step]);
  return Array.from({ length: count }, (_, index) => lastMs - (count - 1 - index) * STEP_MS[step]);
}

const POLL_MS = 20;
const PATIENCE_MS = 10_000;

export const sleep = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, durationMs)));

/** Looks again and again until `look` gives something. */
export async function until<Value>(
  what: string,
  look: () => Promise<Value | undefined>,
  patienceMs = PATIENCE_MS,
): Promise<Value> {
  const untilMs = performance.now() + patienceMs;
  while (performance.now() < untilMs) {
    const value = await look();
    if (value !== undefined) return value;
    await sleep(POLL_MS);
  }
  throw new Error(`${what} has not happened`);
}

/** What `work` gives, and how long it took. */
export async function timed<Value>(work: () => Promise<Value>): Promise<{ value: Value; tookMs: number }> {
  const startedAtMs = performance.now();
  const value = await work();
  return { value, tookMs: performance.now() - startedAtMs };
}

/** Runs `work` on every item, `concurrency` at a time; the answers in the order of the items. */
export async function mapLimited<Item, Value>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item, index: number) => Promise<Value>,
): Promise<Value[]> {
  const answers: Value[] = [];
  const queue = items.entries();
  const runOne = async (): Promise<void> => {
    for (const [index, item] of queue) answers[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, runOne));
  return answers;
}

/** How many of each there are: `200 × 202, 1,800 × budget.lifetime_exhausted`. */
export function tally(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].toSorted(([one], [other]) => one.localeCompare(other));
  return sorted.map(([value, count]) => `${inDigits(count)} × ${value}`).join(", ");
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const inDigits = (count: number | bigint): string => count.toLocaleString("en");
export const inMs = (durationMs: number): string => `${inDigits(Math.round(durationMs))} ms`;
export const inSeconds = (durationMs: number): string => `${(durationMs / 1_000).toFixed(1)} s`;

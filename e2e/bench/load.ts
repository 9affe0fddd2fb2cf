/** What a run of many calls came to. Times in milliseconds. */
export interface Load {
  readonly count: number;
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** Runs `work` on every item, `concurrency` at a time, and measures it. */
export async function runLoad<Item>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<void>,
): Promise<Load> {
  const durationsMs: number[] = [];
  const queue = items.values();
  const startedAtMs = performance.now();
  const runOne = async (): Promise<void> => {
    for (const item of queue) {
      const itemStartedAtMs = performance.now();
      await work(item);
      durationsMs.push(performance.now() - itemStartedAtMs);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, runOne));
  const seconds = (performance.now() - startedAtMs) / 1000;
  const sorted = durationsMs.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { count: items.length, perSecond: items.length / seconds, medianMs: at(0.5), p95Ms: at(0.95) };
}

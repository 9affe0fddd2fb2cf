export type DelayLine<Item> = {
  /** Delivers `item` after `delayMs`, never before an earlier one; at once when nothing is under way. */
  push(item: Item, delayMs: number): void;
  /** Forgets what is under way. */
  clear(): void;
};

/** Keeps order whatever the delays are, which a timer for each item would not. */
export function createDelayLine<Item>(deliver: (item: Item) => void): DelayLine<Item> {
  const queue: { readonly item: Item; readonly dueAtMs: number }[] = [];
  let timer: NodeJS.Timeout | undefined;

  function run(): void {
    timer = undefined;
    let head = queue[0];
    while (head !== undefined && head.dueAtMs <= performance.now()) {
      queue.shift();
      deliver(head.item);
      head = queue[0];
    }
    if (head !== undefined) timer = setTimeout(run, Math.max(1, head.dueAtMs - performance.now()));
  }

  return {
    push: (item, delayMs) => {
      if (delayMs <= 0 && queue.length === 0) {
        deliver(item);
        return;
      }
      queue.push({ item, dueAtMs: performance.now() + delayMs });
      timer ??= setTimeout(run, delayMs);
    },
    clear: () => {
      clearTimeout(timer);
      timer = undefined;
      queue.length = 0;
    },
  };
}

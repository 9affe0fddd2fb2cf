export interface Cleanup {
  /** Remembers how to undo what was just started. */
  add(name: string, undo: () => Promise<void> | void): void;
  /** Undoes everything, the newest first; what fails or hangs does not keep the rest from being undone. */
  run(): Promise<void>;
}

const UNDO_DEADLINE_MS = 12_000;

export function createCleanup(warn: (message: string) => void): Cleanup {
  const steps: { readonly name: string; readonly undo: () => Promise<void> | void }[] = [];
  return {
    add(name, undo) {
      steps.push({ name, undo });
    },
    async run() {
      for (const { name, undo } of steps.splice(0).toReversed()) {
        await withDeadline(undo).catch((error: unknown) => warn(`${name} did not stop: ${String(error)}`));
      }
    },
  };
}

async function withDeadline(undo: () => Promise<void> | void): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no end after ${UNDO_DEADLINE_MS} ms`)), UNDO_DEADLINE_MS);
  try {
    await Promise.race([undo(), promise]);
  } finally {
    clearTimeout(timer);
  }
}

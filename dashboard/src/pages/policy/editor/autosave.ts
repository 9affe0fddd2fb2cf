import { ApiProblem } from "../../../api/problem.ts";

/** `conflict`: somebody else saved the draft; nothing is saved any more. */
export type SaveState = "saved" | "waiting" | "saving" | "failed" | "conflict";

interface AutosaveSettings<Value> {
  /** Gives the version that was made. @throws ApiProblem */
  readonly save: (value: Value, version: string) => Promise<string>;
  readonly onState: (state: SaveState, problem: unknown) => void;
  readonly delayMs?: number;
  readonly schedule?: (run: () => void, ms: number) => () => void;
}

export interface Autosave<Value> {
  readonly state: SaveState;
  /** Saved a little later, when nothing else has been changed until then. */
  change(value: Value): void;
  /** Saves what waits, now. Resolves when it has been saved, or has not. */
  flush(): Promise<void>;
  stop(): void;
}

const DELAY_MS = 900;

const later = (run: () => void, ms: number): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** Keeps a draft saved: one request at a time, each on the version that the one before made. */
export function createAutosave<Value>(version: string, settings: AutosaveSettings<Value>): Autosave<Value> {
  const { save, onState, delayMs = DELAY_MS, schedule = later } = settings;
  let current = version;
  let state: SaveState = "saved";
  let waiting: { readonly value: Value } | undefined;
  let running: Promise<void> | undefined;
  let cancel = (): void => undefined;

  function tell(next: SaveState, problem?: unknown): void {
    state = next;
    onState(next, problem);
  }

  async function saveAll(): Promise<void> {
    while (waiting && state !== "conflict") {
      const { value } = waiting;
      waiting = undefined;
      tell("saving");
      try {
        current = await save(value, current);
        if (!waiting) tell("saved");
      } catch (thrown) {
        // What could not be saved waits for the next change, unless that has come already.
        waiting ??= { value };
        tell(thrown instanceof ApiProblem && thrown.status === 409 ? "conflict" : "failed", thrown);
        return;
      }
    }
  }

  function run(): Promise<void> {
    cancel();
    running ??= saveAll().finally(() => {
      running = undefined;
    });
    return running;
  }

  return {
    get state() {
      return state;
    },
    change(value) {
      waiting = { value };
      if (state === "conflict") return;
      cancel();
      if (!running) tell("waiting");
      cancel = schedule(() => void run(), delayMs);
    },
    flush: run,
    stop() {
      cancel();
      waiting = undefined;
    },
  };
}

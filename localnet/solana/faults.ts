/** How a call fails: an RPC error, an HTTP status, or a connection that is cut. */
export type Failure =
  | { readonly kind: "rpc"; readonly code: number; readonly message: string }
  | { readonly kind: "http"; readonly status: number }
  | { readonly kind: "reset" };

export interface Faults {
  /** The next sends are accepted and never land. */
  dropNext(count: number): void;
  /** Sends are accepted and do not land; with `keep` they land on `resumeLanding`, if they still can. */
  stopLanding(options?: { readonly keep?: boolean }): void;
  resumeLanding(): void;
  /** The next calls, of one method or of any, fail before they do anything. */
  failNext(count: number, failure: Failure, method?: string): void;
  /** Delays calls of one method, or all. Zero takes it back. */
  setLatency(latencyMs: number, method?: string): void;
  /**
   * Calls of the method wait until the returned function is called: before they do anything, or with `after` when they
   * are done and only the answer is missing.
   */
  hang(method: string, options?: { readonly after?: boolean }): () => void;
  /** Answers getGenesisHash with this; null takes it back. */
  reportGenesisHash(genesisHash: string | null): void;
  /** Says "not found" for what landed: one signature, or all. */
  hideStatus(signature?: string): void;
  showStatus(signature?: string): void;
  /** Calls of one method, or of all, since the start or `resetCalls`. */
  calls(method?: string): number;
  resetCalls(): void;
  /** Takes every fault back, releases what hangs, lands what was kept. Counters stay. */
  clear(): void;
}

export type SendFate = "land" | "drop" | "keep";

/** The server's side of the faults. */
export interface FaultGates {
  readonly control: Faults;
  readonly genesisHash: () => string | null;
  readonly isHidden: (signature: string) => boolean;
  nextSend(): SendFate;
  /** Counts the call and waits out latency and hanging; gives the failure to answer with, if any. */
  enter(method: string): Failure | null | Promise<Failure | null>;
  leave(method: string): void | Promise<void>;
}

interface PendingFailure {
  remaining: number;
  readonly failure: Failure;
  readonly method: string | undefined;
}

interface Hang {
  readonly method: string;
  readonly isAfter: boolean;
  readonly released: Promise<void>;
  readonly release: () => void;
}

/** `landKept` lands what was sent while landing stood still. */
export function createFaults(landKept: () => void): FaultGates {
  const counts = new Map<string, number>();
  const latencies = new Map<string, number>();
  const hidden = new Set<string>();
  const hangs = new Set<Hang>();
  let failures: PendingFailure[] = [];
  let latencyMs = 0;
  let isAllHidden = false;
  let dropsLeft = 0;
  let landing: SendFate = "land";
  let genesisHash: string | null = null;

  function resumeLanding(): void {
    landing = "land";
    landKept();
  }

  function takeFailure(method: string): Failure | null {
    const pending = failures.find((entry) => entry.method === undefined || entry.method === method);
    if (pending === undefined) return null;
    pending.remaining -= 1;
    failures = failures.filter((entry) => entry.remaining > 0);
    return pending.failure;
  }

  async function waitOut(method: string): Promise<Failure | null> {
    const delayMs = latencyMs + (latencies.get(method) ?? 0);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs).unref());
    await waitForHang(method, false);
    return takeFailure(method);
  }

  async function waitForHang(method: string, isAfter: boolean): Promise<void> {
    for (const hang of hangs) if (hang.method === method && hang.isAfter === isAfter) await hang.released;
  }

  const control: Faults = {
    dropNext: (count) => void (dropsLeft = count),
    stopLanding: ({ keep = false } = {}) => void (landing = keep ? "keep" : "drop"),
    resumeLanding,
    failNext: (count, failure, method) => void failures.push({ remaining: count, failure, method }),
    setLatency(delayMs, method) {
      if (method === undefined) latencyMs = delayMs;
      else latencies.set(method, delayMs);
    },
    hang(method, { after = false } = {}) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const hang: Hang = { method, isAfter: after, released: promise, release: resolve };
      hangs.add(hang);
      return () => {
        hangs.delete(hang);
        hang.release();
      };
    },
    reportGenesisHash: (hash) => void (genesisHash = hash),
    hideStatus(signature) {
      if (signature === undefined) isAllHidden = true;
      else hidden.add(signature);
    },
    showStatus(signature) {
      if (signature === undefined) {
        isAllHidden = false;
        hidden.clear();
      } else hidden.delete(signature);
    },
    calls: (method) =>
      method === undefined ? [...counts.values()].reduce((sum, count) => sum + count, 0) : (counts.get(method) ?? 0),
    resetCalls: () => counts.clear(),
    clear() {
      failures = [];
      latencies.clear();
      latencyMs = 0;
      dropsLeft = 0;
      genesisHash = null;
      control.showStatus();
      for (const hang of hangs) hang.release();
      hangs.clear();
      resumeLanding();
    },
  };

  return {
    control,
    genesisHash: () => genesisHash,
    isHidden: (signature) => isAllHidden || hidden.has(signature),
    nextSend() {
      if (dropsLeft === 0) return landing;
      dropsLeft -= 1;
      return "drop";
    },
    enter(method) {
      counts.set(method, (counts.get(method) ?? 0) + 1);
      const isQuiet = latencyMs === 0 && latencies.size === 0 && hangs.size === 0;
      return isQuiet ? takeFailure(method) : waitOut(method);
    },
    leave: (method) => (hangs.size === 0 ? undefined : waitForHang(method, true)),
  };
}

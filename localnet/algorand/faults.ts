import type { Endpoint } from "./endpoint.ts";

/** How a call fails: algod's JSON error, a bare HTTP status, a cut connection, or 200 with what is no answer. */
export type Failure =
  | { readonly kind: "algod"; readonly status: number; readonly message: string }
  | { readonly kind: "http"; readonly status: number }
  | { readonly kind: "reset" }
  | { readonly kind: "garbage" };

export interface Faults {
  /** The next sends are accepted and forgotten. */
  dropNext(count: number): void;
  /** Sends are accepted and do not land; with `keep` they stay in the pool, and land on `resumeLanding` if they still can. */
  stopLanding(options?: { readonly keep?: boolean }): void;
  resumeLanding(): void;
  /** The next calls, of one endpoint or of any, fail before they do anything. */
  failNext(count: number, failure: Failure, endpoint?: Endpoint): void;
  /** Delays calls of one endpoint, or all. Zero takes it back. */
  setLatency(latencyMs: number, endpoint?: Endpoint): void;
  /**
   * Calls of the endpoint wait until the returned function is called: before they do anything, or with `after` when they
   * are done and only the answer is missing.
   */
  hang(endpoint: Endpoint, options?: { readonly after?: boolean }): () => void;
  /** Gives this genesis hash (base64) for the chain's own; null takes it back. */
  reportGenesisHash(genesisHash: string | null): void;
  /** Gives this round for the newest, like a node that has fallen behind; null takes it back. */
  reportRound(round: bigint | null): void;
  /** Says "not found" for a transaction, or for all, whether it waits or has landed. */
  hideStatus(transactionId?: string): void;
  showStatus(transactionId?: string): void;
  /** Calls of one endpoint, or of all, since the start or `resetCalls`. */
  calls(endpoint?: Endpoint): number;
  resetCalls(): void;
  /** Takes every fault back, releases what hangs, lands what was kept. Counters stay. */
  clear(): void;
}

export type SendFate = "land" | "drop" | "keep";

/** The server's side of the faults. */
export interface FaultGates {
  readonly control: Faults;
  readonly genesisHash: () => string | null;
  readonly round: () => bigint | null;
  readonly isHidden: (transactionId: string) => boolean;
  nextSend(): SendFate;
  /** Counts the call and waits out latency and hanging; gives the failure to answer with, if any. */
  enter(endpoint: Endpoint): Failure | null | Promise<Failure | null>;
  leave(endpoint: Endpoint): void | Promise<void>;
}

interface PendingFailure {
  remaining: number;
  readonly failure: Failure;
  readonly endpoint: Endpoint | undefined;
}

interface Hang {
  readonly endpoint: Endpoint;
  readonly isAfter: boolean;
  readonly released: Promise<void>;
  readonly release: () => void;
}

/** `landKept` lands what was sent while landing stood still. */
export function createFaults(landKept: () => void): FaultGates {
  const counts = new Map<Endpoint, number>();
  const latencies = new Map<Endpoint, number>();
  const hidden = new Set<string>();
  const hangs = new Set<Hang>();
  let failures: PendingFailure[] = [];
  let latencyMs = 0;
  let isAllHidden = false;
  let dropsLeft = 0;
  let landing: SendFate = "land";
  let genesisHash: string | null = null;
  let round: bigint | null = null;

  function resumeLanding(): void {
    landing = "land";
    landKept();
  }

  function takeFailure(endpoint: Endpoint): Failure | null {
    const pending = failures.find((entry) => entry.endpoint === undefined || entry.endpoint === endpoint);
    if (pending === undefined) return null;
    pending.remaining -= 1;
    failures = failures.filter((entry) => entry.remaining > 0);
    return pending.failure;
  }

  async function waitOut(endpoint: Endpoint): Promise<Failure | null> {
    const delayMs = latencyMs + (latencies.get(endpoint) ?? 0);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs).unref());
    await waitForHang(endpoint, false);
    return takeFailure(endpoint);
  }

  async function waitForHang(endpoint: Endpoint, isAfter: boolean): Promise<void> {
    for (const hang of hangs) if (hang.endpoint === endpoint && hang.isAfter === isAfter) await hang.released;
  }

  const control: Faults = {
    dropNext: (count) => void (dropsLeft = count),
    stopLanding: ({ keep = false } = {}) => void (landing = keep ? "keep" : "drop"),
    resumeLanding,
    failNext: (count, failure, endpoint) => void failures.push({ remaining: count, failure, endpoint }),
    setLatency(delayMs, endpoint) {
      if (endpoint === undefined) latencyMs = delayMs;
      else latencies.set(endpoint, delayMs);
    },
    hang(endpoint, { after = false } = {}) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const hang: Hang = { endpoint, isAfter: after, released: promise, release: resolve };
      hangs.add(hang);
      return () => {
        hangs.delete(hang);
        hang.release();
      };
    },
    reportGenesisHash: (hash) => void (genesisHash = hash),
    reportRound: (reported) => void (round = reported),
    hideStatus(transactionId) {
      if (transactionId === undefined) isAllHidden = true;
      else hidden.add(transactionId);
    },
    showStatus(transactionId) {
      if (transactionId === undefined) {
        isAllHidden = false;
        hidden.clear();
      } else hidden.delete(transactionId);
    },
    calls: (endpoint) =>
      endpoint === undefined
        ? [...counts.values()].reduce((sum, count) => sum + count, 0)
        : (counts.get(endpoint) ?? 0),
    resetCalls: () => counts.clear(),
    clear() {
      failures = [];
      latencies.clear();
      latencyMs = 0;
      dropsLeft = 0;
      genesisHash = null;
      round = null;
      control.showStatus();
      for (const hang of hangs) hang.release();
      hangs.clear();
      resumeLanding();
    },
  };

  return {
    control,
    genesisHash: () => genesisHash,
    round: () => round,
    isHidden: (transactionId) => isAllHidden || hidden.has(transactionId),
    nextSend() {
      if (dropsLeft === 0) return landing;
      dropsLeft -= 1;
      return "drop";
    },
    enter(endpoint) {
      counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1);
      const isQuiet = latencyMs === 0 && latencies.size === 0 && hangs.size === 0;
      return isQuiet ? takeFailure(endpoint) : waitOut(endpoint);
    },
    leave: (endpoint) => (hangs.size === 0 ? undefined : waitForHang(endpoint, true)),
  };
}

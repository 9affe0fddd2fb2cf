import type { NetworkName } from "../../domain/network.ts";
import { isListenerStale, type Listener } from "../../domain/operations.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";

interface DependencyState {
  readonly name: string;
  readonly isUp: boolean;
  /** The code of what is wrong. */
  readonly code?: string;
  /** When it was first seen down, in this process; of a listener, when it last did its work. */
  readonly since?: string;
}

const RESULT_LIFE_MS = 5_000;

export type CheckReadiness = (ports: Ports, networks: readonly NetworkName[]) => Promise<readonly string[]>;

/** Remembers, for one isolate, the last result for five seconds and since when each dependency is down. */
export function createReadiness(): CheckReadiness {
  const downSinceMs = new Map<string, number>();
  let last: { readonly atMs: number; readonly states: readonly DependencyState[] } | undefined;

  async function look({ clock }: Ports, name: string, ping: () => Promise<void>): Promise<DependencyState> {
    try {
      await ping();
      downSinceMs.delete(name);
      return { name, isUp: true };
    } catch (error) {
      const sinceMs = downSinceMs.get(name) ?? clock.nowMs();
      downSinceMs.set(name, sinceMs);
      const code = error instanceof AppError ? error.code : "internal.unexpected";
      return { name, isUp: false, code, since: clock.format(sinceMs) };
    }
  }

  /** Who has beaten at least once is a dependency. While SQL is away, nothing is known of them, and SQL is named. */
  async function lookAtListeners(ports: Ports, networks: readonly NetworkName[]): Promise<readonly DependencyState[]> {
    const listeners = await ports.watch.readListeners(networks).catch((cause: unknown): readonly Listener[] => {
      ports.log.warn("ready.listeners_unknown", { cause });
      return [];
    });
    return listeners.flatMap((listener): DependencyState[] => {
      const name = `listener ${listener.network}`;
      const { beatAgeSeconds, oldestOpenSeconds } = listener;
      if (!isListenerStale(listener)) return beatAgeSeconds === null ? [] : [{ name, isUp: true }];
      const sinceMs = ports.clock.nowMs() - (beatAgeSeconds ?? oldestOpenSeconds ?? 0) * 1_000;
      return [{ name, isUp: false, code: "store.unavailable", since: ports.clock.format(sinceMs) }];
    });
  }

  /** Uses each dependency as requests do, and names them. @throws store.unavailable, upstream.rpc_unavailable */
  return async function checkReadiness(ports, networks) {
    const nowMs = ports.clock.nowMs();
    if (!last || nowMs - last.atMs >= RESULT_LIFE_MS) {
      const [listeners, ...dependencies] = await Promise.all([
        lookAtListeners(ports, networks),
        look(ports, "sql", () => ports.store.ping()),
        look(ports, "redis", () => ports.limiter.ping()),
        ...networks.map((network) => look(ports, network, async () => ports.chains(network)?.ping())),
      ]);
      last = { atMs: nowMs, states: [...dependencies, ...listeners] };
    }
    assertAllUp(last.states);
    return last.states.map(({ name }) => name);
  };
}

function assertAllUp(states: readonly DependencyState[]): void {
  const failed = states.filter(({ isUp }) => !isUp);
  if (failed.length === 0) return;
  // Without its listener the ledger does not go on, whatever the node does.
  const isStore = failed.some(({ name }) => name === "sql" || name === "redis" || name.startsWith("listener "));
  const names = failed.map(({ name, since }) => `${name} (since ${since})`).join(", ");
  throw new AppError(isStore ? "store.unavailable" : "upstream.rpc_unavailable", `Not ready: ${names}.`, {
    retryAfterSeconds: 5,
    context: { failed: failed.map(({ name, code, since }) => ({ name, code, since })) },
  });
}

import type { NetworkName } from "../../domain/network.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";

export interface DependencyState {
  readonly name: string;
  readonly isUp: boolean;
  /** The code of what is wrong. */
  readonly code?: string;
  /** When it was first seen down, in this process. */
  readonly since?: string;
}

const RESULT_LIFE_MS = 5_000;
const downSinceMs = new Map<string, number>();
let last: { readonly atMs: number; readonly states: readonly DependencyState[] } | undefined;

async function look(ports: Ports, name: string, ping: () => Promise<void>): Promise<DependencyState> {
  try {
    await ping();
    downSinceMs.delete(name);
    return { name, isUp: true };
  } catch (error) {
    const sinceMs = downSinceMs.get(name) ?? ports.clock.nowMs();
    downSinceMs.set(name, sinceMs);
    const code = error instanceof AppError ? error.code : "internal.unexpected";
    return { name, isUp: false, code, since: ports.clock.format(sinceMs) };
  }
}

/** Uses each dependency as requests do; a result is kept for five seconds. */
export async function checkReadiness(
  ports: Ports,
  networks: readonly NetworkName[],
): Promise<readonly DependencyState[]> {
  if (last && ports.clock.nowMs() - last.atMs < RESULT_LIFE_MS) return last.states;
  const states = await Promise.all([
    look(ports, "sql", () => ports.store.ping()),
    look(ports, "redis", () => ports.limiter.ping()),
    ...networks.map((network) => look(ports, network, async () => ports.chains(network)?.ping())),
  ]);
  last = { atMs: ports.clock.nowMs(), states };
  return states;
}

import type { NetworkName } from "../contract/index.ts";
import { AppError } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { settleRelays } from "../services/relays/settle-relays.ts";

/** One sweep takes at most this many batches, so that a backlog cannot hold an alarm for ever. */
const MAX_BATCHES = 20;

/** Looks after every due relay of a network. Returns true while relays are left that have not ended. */
export async function sweepNetwork(ports: Ports, network: NetworkName): Promise<boolean> {
  try {
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      if ((await settleRelays(ports, network)) === 0) break;
    }
    const hasMore = await ports.store.hasOpenRelays(network);
    await ports.watch.beat(`sweeper ${network}`);
    return hasMore;
  } catch (error) {
    ports.log.error("sweep.failed", {
      network,
      code: error instanceof AppError ? error.code : undefined,
      cause: error,
    });
    return true;
  }
}

/** Removes what has outlived its use, as far as it gets. */
export async function purgeExpired({ store, log }: Pick<Ports, "store" | "log">): Promise<void> {
  try {
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      if ((await store.purgeExpired()) === 0) break;
    }
  } catch (cause) {
    log.warn("purge.failed", { cause });
  }
}

import type { NetworkName } from "../../domain/network.ts";
import type { ChainPort, Ports } from "../../ports.ts";

/** Sends what SQL already calls `signed`. A send that is lost is repeated by the sweeper, with the same bytes. */
export async function sendRelay(
  { store, wake, log }: Pick<Ports, "store" | "wake" | "log">,
  chain: ChainPort,
  { relayId, network, wire }: { relayId: string; network: NetworkName; wire: Uint8Array },
): Promise<void> {
  const woken = wake(network).catch((cause: unknown) => log.warn("relay.wake_failed", { relayId, cause }));
  try {
    await chain.send(wire);
    await store.markSubmitted(relayId);
  } catch (cause) {
    log.warn("relay.send_failed", { relayId, cause });
  }
  await woken;
}

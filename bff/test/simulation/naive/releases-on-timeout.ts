import { POINTS } from "../call-points.ts";
import type { Order } from "../life.ts";
import { NETWORK } from "../model-project.ts";
import { messageOf, transactionIdOf } from "../transactions.ts";

/** Gives the budget back when the send fails: but the node may have taken it. */
export const RELEASES_ON_TIMEOUT: Order = {
  name: "releasing when the send times out",
  breaks: "what landed is held or charged",
  arrange(ports, { scheduler, store }, process) {
    const chain = ports.chains(NETWORK);
    const send = async (wire: Uint8Array): Promise<void> => {
      try {
        await chain?.send(wire);
      } catch (error) {
        await scheduler.call(process, POINTS.naive, () => {
          const relay = store.relayOf(transactionIdOf(messageOf(wire)));
          if (relay) store.release(relay.id);
        });
        throw error;
      }
    };
    return { ...ports, chains: () => chain && { ...chain, send } };
  },
};

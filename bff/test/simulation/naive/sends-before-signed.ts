import type { Order } from "../life.ts";
import { NETWORK } from "../model-project.ts";

/** Sends first and writes `signed` when the node has it: whoever dies in between leaves what nobody answers for. */
export const SENDS_BEFORE_SIGNED: Order = {
  name: "sending before `signed` is committed",
  breaks: "what landed is held or charged",
  arrange: (ports) => ({
    ...ports,
    store: {
      ...ports.store,
      async markSigned(signed) {
        await ports.chains(NETWORK)?.send(signed.transaction.wire);
        return ports.store.markSigned(signed);
      },
    },
  }),
};

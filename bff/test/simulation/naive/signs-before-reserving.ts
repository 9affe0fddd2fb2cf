import type { Order } from "../life.ts";
import { NETWORK } from "../model-project.ts";
import { attachSignature, messageOf, SPONSOR } from "../transactions.ts";

/** Signs and sends at once, so that nobody waits for the reservation: what is then refused, or dies, has gone out. */
export const SIGNS_BEFORE_RESERVING: Order = {
  name: "signing and sending before reserving",
  breaks: "what landed is held or charged",
  arrange: (ports) => ({
    ...ports,
    store: {
      ...ports.store,
      async reserveRelay(wanted) {
        const message = messageOf(wanted.transaction);
        const signature = await ports.signers.sign(SPONSOR, message);
        ports.background(ports.chains(NETWORK)?.send(attachSignature(message, signature)) ?? Promise.resolve());
        return ports.store.reserveRelay(wanted);
      },
    },
  }),
};

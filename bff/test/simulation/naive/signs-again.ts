import { POINTS } from "../call-points.ts";
import type { Order } from "../life.ts";
import { NETWORK } from "../model-project.ts";
import {
  attachSignature,
  LIFE_BLOCKS,
  messageOf,
  readMessage,
  signMessage,
  transactionIdOf,
  writeWire,
} from "../transactions.ts";

/** Helps a signed transaction that nobody has seen along with a newer blockhash: now there are two of them. */
export const SIGNS_AGAIN: Order = {
  name: "signing again with a newer blockhash",
  breaks: "an intent lands at most once",
  arrange: (ports, { scheduler, store, chain }, process) => ({
    ...ports,
    store: {
      ...ports.store,
      async claimRelays(...request) {
        const claimed = await ports.store.claimRelays(...request);
        for (const relay of claimed) {
          if (relay.state !== "submitted") continue;
          const wire = await scheduler.call(process, POINTS.naive, () => {
            const { number, user } = readMessage(messageOf(relay.transaction));
            const bornHeight = chain.height();
            const message = messageOf(writeWire({ number, user, bornHeight }));
            const signed = attachSignature(message, signMessage(message));
            store.replaceSigned(relay.id, signed, transactionIdOf(message), BigInt(bornHeight + LIFE_BLOCKS));
            return signed;
          });
          await ports.chains(NETWORK)?.send(wire);
        }
        return claimed;
      },
    },
  }),
};

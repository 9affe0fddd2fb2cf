import { refuse } from "../../../src/domain/refusal.ts";
import { failure } from "../../../src/domain/result.ts";
import { POINTS } from "../call-points.ts";
import type { Order } from "../life.ts";

/** Gives whatever the chain says that the user lacks: what is on its way to them is not there yet. */
export const GIVES_BY_THE_CHAIN: Order = {
  name: "giving what the user lacks on the chain",
  breaks: "what is given once is given once",
  rules: { checksAllotments: false },
  arrange: (ports, { scheduler, store, chain }, process) => ({
    ...ports,
    store: {
      ...ports.store,
      async reserveRelay(wanted) {
        const isGiven = await scheduler.call(process, POINTS.naive, () =>
          [...chain.transactions.values()].some(({ id, landedAt }) => {
            const relay = landedAt === undefined ? undefined : store.relayOf(id);
            return relay?.userId === wanted.userId && wanted.allotments.some((item) => relay.allotments.includes(item));
          }),
        );
        if (!isGiven) return ports.store.reserveRelay(wanted);
        return failure({ kind: "refused", refusal: refuse("policy.rent_not_sponsored", "given before") });
      },
    },
  }),
};

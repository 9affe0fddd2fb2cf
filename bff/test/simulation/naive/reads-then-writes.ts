import { refuse } from "../../../src/domain/refusal.ts";
import { failure } from "../../../src/domain/result.ts";
import { POINTS } from "../call-points.ts";
import type { Order } from "../life.ts";

/** Reads what is left of every budget, and then takes from it: two requests read the same rest. */
export const READS_THEN_WRITES: Order = {
  name: "reading a budget and then writing it",
  breaks: "no limit is exceeded",
  rules: { checksLimits: false },
  arrange: (ports, { scheduler, store }, process) => ({
    ...ports,
    store: {
      ...ports.store,
      async reserveRelay(wanted) {
        const isUsedUp = await scheduler.call(process, POINTS.naive, () =>
          [...store.usage.values()].some(({ limit, used, held }) => {
            const amount = limit.unit === "relays" ? 1n : wanted.fee;
            return used + held + amount > limit.amount;
          }),
        );
        if (!isUsedUp) return ports.store.reserveRelay(wanted);
        return failure({ kind: "refused", refusal: refuse("budget.project_exhausted", "used up") });
      },
    },
  }),
};

import type { TransactionStatus } from "../../../src/domain/relay.ts";
import type { ChainPort } from "../../../src/ports.ts";
import { POINTS } from "../call-points.ts";
import type { Order } from "../life.ts";
import { NETWORK } from "../model-project.ts";

/** Releases at the end of a life by the word of one node, whatever it is, and by its newest block. */
export const BELIEVES_ONE_NODE: Order = {
  name: "releasing by one node's word",
  breaks: "what landed is held or charged",
  arrange(ports, { scheduler, chain }, process) {
    const real = ports.chains(NETWORK);
    const proveAbsent: ChainPort["proveAbsent"] = (transactions) =>
      scheduler.call(process, POINTS.naive, () => {
        const view = chain.look();
        const absent = new Set<string>();
        const found = new Map<string, TransactionStatus>();
        for (const { transactionId, lifetimeEnd } of transactions) {
          const status = chain.statusOf(transactionId, view, true);
          if (status) found.set(transactionId, status);
          else if (BigInt(view.height) > lifetimeEnd) absent.add(transactionId);
        }
        return { absent, found, silent: [] };
      });
    return { ...ports, chains: () => real && { ...real, proveAbsent } };
  },
};

import type { NetworkName } from "../../domain/network.ts";
import type { Ports } from "../../ports.ts";

/** What one call to a node may name. */
const ADDRESSES_A_CALL = 100;

/**
 * Reads what every sponsor of a network owns, and keeps it as the last good balance and as an observation for the
 * ledger. Where no node can tell, that is counted and what is known stays.
 */
export async function observeBalances({ watch, chains, log }: Ports, network: NetworkName): Promise<void> {
  const chain = chains(network);
  if (!chain) return;
  const sponsors = await watch.listSponsors(network);
  for (let start = 0; start < sponsors.length; start += ADDRESSES_A_CALL) {
    const some = sponsors.slice(start, start + ADDRESSES_A_CALL);
    const seen = await chain.balances(some.map(({ address }) => address)).catch((cause: unknown) => {
      log.warn("watch.balances_unknown", { network, cause });
      return undefined;
    });
    if (!seen) {
      await watch.countFetchErrors(some.map(({ id }) => id));
      continue;
    }
    const balances = some.flatMap(({ id }, index) => {
      const balance = seen.balances[index];
      return balance === undefined ? [] : [{ sponsorId: id, balance }];
    });
    await watch.recordBalances(network, seen.slot, balances);
  }
}

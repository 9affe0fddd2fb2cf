import { refuse } from "../../../../../domain/refusal.ts";
import { fail } from "../../../../../domain/policy/rule.ts";
import type { GroupRule } from "../group-input.ts";

const HINT = "Take the genesis hash and id that POST /v1/relays/prepare gives, in every transaction.";

/** The hash is what a network is; its id only has to be the same wherever it is said. */
export const networkIsOurs: GroupRule = {
  name: "network-is-ours",
  check: ({ group: { entries }, genesisHash }) => {
    const foreign = entries.findIndex(({ transaction }) => transaction.genesisHash !== genesisHash);
    const ids = new Set(entries.map(({ transaction }) => transaction.genesisId).filter((id) => id !== ""));
    if (foreign < 0 && ids.size <= 1) return [];
    const detail = "The transactions are of another network, or of more than one. Prepare them again.";
    const seen =
      foreign < 0
        ? { observed: [...ids].join(", ") }
        : { observed: entries[foreign]?.transaction.genesisHash ?? "", limit: genesisHash, instruction: foreign };
    return [fail(refuse("transaction.wrong_network", detail, seen), HINT, seen)];
  },
};

import { refuse } from "../../../../../domain/refusal.ts";
import { fail } from "../../../../../domain/policy/rule.ts";
import type { GroupRule } from "../group-input.ts";

/** About a minute: a group that could land for longer would hold its budget for as long. */
const MAX_ROUNDS = 20n;

export const validityIsShort: GroupRule = {
  name: "validity-is-short",
  check: ({ group: { entries } }) => {
    const { firstValid = 0n, lastValid = 0n } = entries[0]?.transaction ?? {};
    const rounds = lastValid - firstValid;
    const other = entries.findIndex(
      ({ transaction }) => transaction.firstValid !== firstValid || transaction.lastValid !== lastValid,
    );
    const seen = { observed: rounds.toString(), limit: MAX_ROUNDS.toString() };
    if (other < 0 && rounds >= 0n && rounds <= MAX_ROUNDS) return [{ verdict: "pass", ...seen }];
    const detail =
      other < 0
        ? `The group is valid for ${rounds} rounds; at most ${MAX_ROUNDS} are taken. Prepare it again.`
        : "The transactions of the group are not valid in the same rounds. Prepare it again.";
    return [
      fail(
        refuse("transaction.expired", detail, seen),
        "Take the first and last round that POST /v1/relays/prepare gives, in every transaction.",
        seen,
      ),
    ];
  },
};

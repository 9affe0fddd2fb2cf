import type { GroupEntry } from "./decoded-group.ts";
import { kindOf } from "./name-transaction.ts";

/** The assets that an address opts in to, each once, in the order of the group. */
export function optInsOf(entries: readonly GroupEntry[], address: string): readonly bigint[] {
  const assets = entries.flatMap(({ transaction }) =>
    transaction.type === "axfer" && kindOf(transaction) === "asset-opt-in" && transaction.sender === address
      ? [transaction.asset]
      : [],
  );
  return [...new Set(assets)];
}

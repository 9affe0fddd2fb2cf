import type { DecodedGroup } from "./decoded-group.ts";

/** What a group takes from its sponsor, in microalgos: nothing that fails lands, so this is worst and best case. */
export interface GroupCost {
  readonly fee: bigint;
  /** What it gives the user of the minimum balance. */
  readonly rent: bigint;
}

/** Of the first transaction, which is the sponsor's: what a network takes for inner transactions is in its fee as well. */
export function costOfGroup({ entries }: DecodedGroup): GroupCost {
  const sponsored = entries[0]?.transaction;
  if (!sponsored) return { fee: 0n, rent: 0n };
  const { fee, sender } = sponsored;
  const isGift = sponsored.type === "pay" && sponsored.receiver !== sender;
  return { fee, rent: isGift ? sponsored.amount : 0n };
}

import type { CompiledAlgorandPolicy } from "../policy/compile.ts";
import type { DecodedGroup } from "./decoded-group.ts";
import { optInsOf } from "./opt-ins.ts";

/** What an account must hold to exist, and for each asset in it. Microalgos. Source: go-algorand, MinBalance. */
export const MINIMUM_BALANCE = 100_000n;

/**
 * What the sponsor may give `receiver` in this group, each once to a user, and what all of it comes to: the opt-ins that the
 * policy pays for, in the order of the group, and then the account, which is never given without one of them.
 */
export function grantableItems(
  { entries }: DecodedGroup,
  { grantedAssets, grantsAccount }: CompiledAlgorandPolicy,
  receiver: string,
): { readonly items: readonly string[]; readonly bound: bigint } {
  const assets = optInsOf(entries, receiver).map(String);
  const optIns = assets
    .filter((asset) => grantedAssets === true || grantedAssets.has(asset))
    .map((asset) => `asset ${asset}`);
  const items = optIns.length > 0 && grantsAccount ? [...optIns, "account"] : optIns;
  return { items, bound: MINIMUM_BALANCE * BigInt(items.length) };
}

/** Those that an amount uses up, in their order. */
export function grantedItems(
  group: DecodedGroup,
  policy: CompiledAlgorandPolicy,
  receiver: string,
  amount: bigint,
): readonly string[] {
  const { items } = grantableItems(group, policy, receiver);
  return items.filter((_, index) => amount > MINIMUM_BALANCE * BigInt(index));
}

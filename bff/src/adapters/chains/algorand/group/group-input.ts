import type { Rule } from "../../../../domain/policy/rule.ts";
import type { SponsorKey } from "../../../../domain/project.ts";
import type { CompiledAlgorandPolicy } from "../policy/compile.ts";
import type { GroupCost } from "./cost.ts";
import type { DecodedGroup, GroupEntry } from "./decoded-group.ts";

/** Everything that a rule about a group may look at. */
export interface GroupInput {
  readonly group: DecodedGroup;
  readonly policy: CompiledAlgorandPolicy;
  readonly cost: GroupCost;
  readonly sponsorPool: readonly SponsorKey[];
  /** The addresses that may pay for the project. */
  readonly acceptedSponsors: readonly string[];
  /** Of the session's wallet. */
  readonly sessionAddress: string;
  /** The user's other wallets on this network, where the session's does not sign and they had to be looked up. */
  readonly linkedAddresses?: readonly string[];
  /** Of the network, as base64. */
  readonly genesisHash: string;
}

export type GroupRule = Rule<GroupInput>;

/** Everything but the sponsor's transaction, each with its place in the group. */
export function userEntries({ entries }: DecodedGroup): readonly (readonly [place: number, entry: GroupEntry])[] {
  return entries.map((entry, place) => [place, entry] as const).slice(1);
}

export const isUserWallet = (
  { sessionAddress, linkedAddresses }: Pick<GroupInput, "sessionAddress" | "linkedAddresses">,
  address: string,
): boolean => address === sessionAddress || linkedAddresses?.includes(address) === true;

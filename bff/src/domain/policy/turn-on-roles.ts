import type { SolanaPolicy } from "../../contract/policy.ts";
import type { Amendment } from "./amendment.ts";
import type { Call } from "./call.ts";
import { SYSTEM_PROGRAM } from "./programs/known-programs.ts";
import type { RuleInput } from "./rule.ts";
import { type SponsorRole, sponsorRoleAt, switchOf } from "./sponsor-roles.ts";

/** Whoever makes an account by it owns the lamports: a gift is nothing that an explanation should propose. */
const isGift = ({ program, role }: SponsorRole): boolean => program === SYSTEM_PROGRAM && role === "funder";

/** The roles in which the sponsor stands in a call; undefined where one of the places is no role at all. */
function rolesIn(call: Call, sponsor: string): readonly SponsorRole[] | undefined {
  const places = call.accounts.flatMap((account, position) =>
    account === sponsor ? [sponsorRoleAt(call, position)] : [],
  );
  const roles = places.flatMap((role) => (role && !isGift(role) ? [role] : []));
  return roles.length === places.length ? roles : undefined;
}

export function raiseRent(document: SolanaPolicy, rent: bigint): SolanaPolicy {
  return BigInt(document.maxRent ?? "0") >= rent ? document : { ...document, maxRent: rent.toString() };
}

/**
 * Lets the sponsor stand where it does, with the rent that this takes at worst. Undefined where one of the places is none
 * that is made for a sponsor.
 */
export function turnOnRoles({ transaction, calls, cost }: RuleInput): Amendment<SolanaPolicy> | undefined {
  const sponsor = transaction.accounts[0] ?? "";
  const found = calls.map((call) => rolesIn(call, sponsor));
  if (found.includes(undefined)) return undefined;
  const roles = new Map(found.flatMap((inCall) => inCall ?? []).map((role) => [switchOf(role), role]));
  const paysRent = [...roles.values()].some(({ gives }) => gives === "rent");
  const names = [...new Set([...roles.values()].map(({ role }) => role))].join(" and ");
  const rent = paysRent ? ` and pay up to ${cost.rent} lamports of rent` : "";
  return {
    description: `Let the sponsor be the ${names} of the instruction${rent}.`,
    apply: (document) => {
      const own = document.sponsorRoles ?? [];
      const on = new Set(own.map(switchOf));
      const added = [...roles].flatMap(([name, { program, role }]) => (on.has(name) ? [] : [{ program, role }]));
      return { ...(paysRent ? raiseRent(document, cost.rent) : document), sponsorRoles: [...own, ...added] };
    },
  };
}

import type { Member } from "../../../../bff/src/contract/manage/organizations.ts";
import type { Role } from "../../../../bff/src/contract/manage/values.ts";

interface RoleWords {
  readonly value: Role;
  readonly label: string;
  readonly hint: string;
}

/** What each role may, from everything to looking on. */
export const ROLES: readonly RoleWords[] = [
  { value: "owner", label: "Owner", hint: "Everything, and makes other owners. There is always one." },
  { value: "admin", label: "Admin", hint: "Everything but owners: members, keys, sponsors, budgets, the audit log." },
  {
    value: "developer",
    label: "Developer",
    hint: "Projects, settings, origins, networks, policies, lists, users' sessions and jobs; sees keys, makes none.",
  },
  { value: "billing", label: "Billing", hint: "Sets budgets, and looks at what a viewer sees." },
  {
    value: "viewer",
    label: "Viewer",
    hint: "Looks at everything but keys, invitations and the audit log, and changes nothing.",
  },
];

const RANK: readonly Role[] = ["viewer", "billing", "developer", "admin", "owner"];

/** Nobody gives, takes or changes a role above their own; the API says the same. */
export const mayHandle = (own: Role, other: Role): boolean => RANK.indexOf(own) >= RANK.indexOf(other);

/** Why a member cannot leave or be made less: somebody has to own it. Members beyond the page are not known here. */
export function lastOwner(member: Pick<Member, "userId" | "role">, members: readonly Member[], isAll: boolean) {
  if (member.role !== "owner" || !isAll) return undefined;
  const hasOthers = members.some(({ role, userId }) => role === "owner" && userId !== member.userId);
  return hasOthers ? undefined : "This is the last owner. Make somebody else an owner first.";
}

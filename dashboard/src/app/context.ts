import { createContext } from "@lit/context";
import type { Membership } from "../../../bff/src/contract/manage/organizations.ts";
import type { ManagedProject } from "../../../bff/src/contract/manage/projects.ts";
import type { Role } from "../../../bff/src/contract/manage/values.ts";
import type { Api } from "../api/client.ts";
import { OPERATIONS } from "../api/operations.ts";
import type { ManageOperation } from "../api/types.ts";

/** What every page is given. A new value whenever one of its parts changes. */
export interface App {
  readonly api: Api;
  readonly user: { readonly id: string; readonly wallets: readonly string[] };
  readonly memberships: readonly Membership[];
  /** Of the address: the organization itself, or that of the project. */
  readonly membership: Membership | undefined;
  /** Of the address. */
  readonly project: ManagedProject | undefined;
  /** Goes to an address of the dashboard; `replace` leaves no trace of this one. */
  navigate(address: string, options?: { readonly replace?: boolean }): void;
  /** Reads memberships and project again, after they were changed. */
  refresh(): Promise<void>;
  signOut(): Promise<void>;
}

export const appContext = createContext<App>(Symbol("app"));

const NAMES: Readonly<Record<Role, string>> = {
  owner: "owners",
  admin: "admins",
  developer: "developers",
  billing: "billing",
  viewer: "viewers",
};

/** Why the person may not do this here, in a sentence; undefined when they may. */
export function blockedBy({ membership }: Pick<App, "membership">, operation: ManageOperation): string | undefined {
  const roles: readonly Role[] = OPERATIONS[operation][2];
  if (membership === undefined || roles.includes(membership.role)) return undefined;
  const names = new Intl.ListFormat("en", { type: "conjunction" }).format(roles.map((role) => NAMES[role]));
  return `Only ${names} can do this; your role is ${membership.role}.`;
}

import type { Role, Scope } from "../contract/manage/values.ts";

/** What a management token says: a session of the console's project, and from which page. Rights are looked up each time. */
export interface ManageClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly wallet: string;
  readonly origin: string;
}

/** Who is at the management API: a person of the console, or a server with a secret key. */
export type ManageCaller =
  | {
      readonly kind: "member";
      readonly userId: string;
      readonly sessionId: string;
      readonly wallet: string;
    }
  | {
      readonly kind: "key";
      readonly keyId: string;
      readonly project: AccessProject;
      readonly scopes: readonly Scope[];
      /** What it makes ends no later. */
      readonly endsAt: string | null;
      /** No use of it has been noted for a minute. */
      readonly isUnnoted: boolean;
    };

/** What the log of changes says of whoever makes them. */
export interface Actor {
  readonly kind: "member" | "key";
  /** Of the user or the key. */
  readonly id: string;
  /** The wallet, or the key's last four characters. */
  readonly name: string;
}

export interface AccessProject {
  readonly id: string;
  readonly organizationId: string | null;
  readonly environment: "test" | "live";
  readonly status: "active" | "suspended";
}

/** What a call is about and by which right. */
export interface Access {
  readonly organizationId: string | null;
  readonly project: AccessProject | undefined;
  /** Of a member; undefined for a key. */
  readonly role: Role | undefined;
  /** Of a key; undefined for a member. */
  readonly scopes: readonly Scope[] | undefined;
}

/** What a route asks for. */
export interface Permission {
  readonly scope: Scope | null;
  /** Besides, where what is asked for has one of the fields. */
  readonly moreScope?: { readonly scope: Scope; readonly fields: readonly string[] };
  readonly roles: readonly Role[] | null;
}

/** The name of what is missing, or undefined when nothing is. Pure: the one place where it is decided. */
export function missingPermission(
  { scope, roles }: Pick<Permission, "scope" | "roles">,
  { role, scopes }: Pick<Access, "role" | "scopes">,
): { readonly scope: Scope | null; readonly roles: readonly Role[] } | undefined {
  const isGranted = scopes
    ? scope !== null && scopes.includes(scope)
    : roles === null || (role !== undefined && roles.includes(role));
  return isGranted ? undefined : { scope, roles: roles ?? [] };
}

const RANK: readonly Role[] = ["viewer", "billing", "developer", "admin", "owner"];

/** Nobody gives, takes or changes a role above their own. */
export const mayHandle = (own: Role, other: Role): boolean => RANK.indexOf(own) >= RANK.indexOf(other);

import { type Access, type ManageCaller, missingPermission, type Permission } from "../../domain/manage.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";

/** What a call is about, as its path has it. */
export interface Target {
  readonly organizationId?: string;
  readonly projectId?: string;
}

const notFound = (): AppError => new AppError("request.not_found", "There is no such thing, or it is not yours.");

async function findAccess(
  { access }: Pick<Ports, "access">,
  caller: ManageCaller,
  target: Target,
  isOfSelf: boolean,
): Promise<Access> {
  if (caller.kind === "key") {
    const { project, scopes } = caller;
    if (target.projectId !== undefined && target.projectId !== project.id) throw notFound();
    if (target.organizationId !== undefined && target.organizationId !== project.organizationId) throw notFound();
    return { organizationId: project.organizationId, project, role: undefined, scopes };
  }
  const found = await access.findMember(caller, target);
  if (!found) throw new AppError("auth.session_revoked", "The session has ended. Sign in again.");
  if (isOfSelf) return { organizationId: null, project: undefined, role: undefined, scopes: undefined };
  if (!found.membership) throw notFound();
  const { organizationId, role, project } = found.membership;
  return { organizationId, project, role, scopes: undefined };
}

/**
 * The right by which a caller does something. What is foreign looks like what is not there.
 * @throws auth.session_revoked, request.not_found, auth.scope_missing with what is missing
 */
export async function requireAccess(
  ports: Pick<Ports, "access">,
  caller: ManageCaller,
  target: Target,
  permission: Permission,
): Promise<Access> {
  const isOfSelf = permission.roles === null;
  const access = await findAccess(ports, caller, target, isOfSelf);
  assertGranted(permission, access);
  return access;
}

/** What is asked for may show more than the call itself does. @throws auth.scope_missing */
export function requireMore({ moreScope, roles }: Permission, access: Access, body: unknown): void {
  if (!moreScope || typeof body !== "object" || body === null) return;
  const asked = new Set(Object.keys(body));
  if (moreScope.fields.some((field) => asked.has(field))) assertGranted({ scope: moreScope.scope, roles }, access);
}

function assertGranted(permission: Pick<Permission, "scope" | "roles">, access: Access): void {
  const missing = missingPermission(permission, access);
  if (!missing) return;
  const { scope, roles } = missing;
  if (access.scopes) {
    throw new AppError(
      "auth.scope_missing",
      scope === null
        ? "No secret key opens this: it is done in the dashboard."
        : `This needs a key with the scope ${scope}.`,
      { context: { scope, scopes: access.scopes } },
    );
  }
  throw new AppError(
    "auth.scope_missing",
    `This needs one of the roles ${roles.join(", ")}; yours is ${access.role ?? "none"}.`,
    {
      context: { scope, roles, role: access.role },
    },
  );
}

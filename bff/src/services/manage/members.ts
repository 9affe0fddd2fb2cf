import type { CreatedInvitation, Member } from "../../contract/manage/organizations.ts";
import type { Role } from "../../contract/manage/values.ts";
import { type Access, mayHandle } from "../../domain/manage.ts";
import { AppError } from "../../errors.ts";
import type { ManageStore } from "../../manage-ports.ts";
import type { Ports } from "../../ports.ts";
import { createCode } from "./secret-codes.ts";

const roleOf = ({ role }: Access): Role => role ?? "viewer";

/** @throws auth.scope_missing */
function assertMayHandle(access: Access, role: Role): void {
  if (mayHandle(roleOf(access), role)) return;
  throw new AppError("auth.scope_missing", `Only the role ${role}, or one above it, may do this.`, {
    context: { scope: null, roles: [role], role: access.role },
  });
}

/** @throws request.not_found */
async function requireMember(store: ManageStore, organizationId: string, userId: string): Promise<Member> {
  const member = await store.findMemberOf(organizationId, userId);
  if (!member) throw new AppError("request.not_found", "There is no such member.");
  return member;
}

/** @throws request.not_found, auth.scope_missing, manage.last_owner */
export async function changeRole(
  store: ManageStore,
  access: Access,
  organizationId: string,
  userId: string,
  role: Role,
): Promise<Member> {
  const member = await requireMember(store, organizationId, userId);
  assertMayHandle(access, member.role);
  assertMayHandle(access, role);
  await store.setRole(organizationId, userId, member.role, role);
  return { ...member, role };
}

/** Everybody may go by themselves. @throws request.not_found, auth.scope_missing, manage.last_owner */
export async function removeMember(
  store: ManageStore,
  access: Access,
  organizationId: string,
  { userId, ownId }: { readonly userId: string; readonly ownId: string },
): Promise<void> {
  const member = await requireMember(store, organizationId, userId);
  if (userId !== ownId) {
    assertMayHandle(access, "admin");
    assertMayHandle(access, member.role);
  }
  await store.removeMember(organizationId, userId, member.role);
}

/** Nobody invites above their own role. */
export async function invite(
  ports: Pick<Ports, "hash" | "random">,
  store: ManageStore,
  access: Access,
  organizationId: string,
  wanted: {
    readonly role: Role;
    readonly invitedBy: string;
    readonly note?: string | undefined;
    readonly wallet?: string | undefined;
    readonly expiresInSeconds: number;
  },
): Promise<CreatedInvitation> {
  assertMayHandle(access, wanted.role);
  const { text: code, hash: codeHash } = await createCode(ports);
  const { role, invitedBy, note, wallet, expiresInSeconds } = wanted;
  const id = ports.random.id("inv");
  const invitation = await store.createInvitation(organizationId, {
    id,
    codeHash,
    role,
    invitedBy,
    note,
    wallet,
    expiresInSeconds,
  });
  return { ...invitation, code };
}

import { AppError } from "../../../errors.ts";
import type { Membership } from "../../../contract/manage/organizations.ts";
import type { ManageStore } from "../../../manage-ports.ts";
import { openManageSession, readMe } from "../../../services/manage/console.ts";
import { hashText } from "../../../services/manage/secret-codes.ts";
import type { Manager } from "../../context.ts";
import type { Handlers } from "../handler.ts";

/** These routes take no key: `requireAccess` has seen to it. */
function memberOf({ caller }: Pick<Manager, "caller">) {
  if (caller.kind !== "member") throw new AppError("auth.scope_missing");
  return caller;
}

async function membershipIn(store: ManageStore, organizationId: string, role: Membership["role"]): Promise<Membership> {
  const organization = await store.readOrganization(organizationId);
  if (!organization) throw new AppError("request.not_found", "There is no such organization.");
  return { organization, role };
}

/** What anybody may do who has signed in to the console. */
export const consoleHandlers: Handlers<"claim" | "openManageSession" | "readMe" | "acceptInvitation"> = {
  async claim({ ports, store, body, ...call }) {
    const organizationId = ports.random.id("org");
    const codeHash = await hashText(ports, body.code);
    await store.claim(codeHash, memberOf(call).userId, organizationId, body.organization ?? "My organization");
    return membershipIn(store, organizationId, "owner");
  },
  openManageSession: ({ ports, store, ...call }) => openManageSession(ports, store, memberOf(call)),
  readMe: ({ store, ...call }) => readMe(store, memberOf(call)),
  async acceptInvitation({ ports, store, body, ...call }) {
    const { userId } = memberOf(call);
    const organizationId = await store.acceptInvitation(await hashText(ports, body.code), userId);
    const member = await store.findMemberOf(organizationId, userId);
    return membershipIn(store, organizationId, member?.role ?? "viewer");
  },
};

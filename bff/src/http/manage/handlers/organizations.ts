import { AppError } from "../../../errors.ts";
import { changeRole, invite, removeMember } from "../../../services/manage/members.ts";
import { normalizeWallet } from "../../../services/manage/wallets.ts";
import type { Handlers } from "../handler.ts";

export const organizationHandlers: Handlers<
  | "listOrganizations"
  | "createOrganization"
  | "readOrganization"
  | "changeOrganization"
  | "listMembers"
  | "changeMember"
  | "removeMember"
  | "listInvitations"
  | "createInvitation"
  | "revokeInvitation"
> = {
  listOrganizations: async ({ store, actor }) => ({ data: [...(await store.readMe(actor.id)).memberships] }),
  async createOrganization({ ports, store, actor, body }) {
    const { memberships } = await store.readMe(actor.id);
    if (memberships.length === 0) {
      throw new AppError("auth.scope_missing", "Only members of an organization make another: ask for an invitation.", {
        context: { scope: null, roles: [] },
      });
    }
    const id = ports.random.id("org");
    await store.createOrganization(actor.id, id, body.name);
    const organization = await store.readOrganization(id);
    if (!organization) throw new AppError("internal.unexpected");
    return { organization, role: "owner" };
  },
  async readOrganization({ store, access, params }) {
    const organization = await store.readOrganization(params.organizationId);
    if (!organization) throw new AppError("request.not_found", "There is no such organization.");
    return { organization, role: access.role ?? "viewer" };
  },
  changeOrganization: ({ store, params, body }) =>
    store.renameOrganization(params.organizationId, body.version, body.name),
  listMembers: ({ store, params, query }) => store.listMembers(params.organizationId, query),
  changeMember: ({ store, access, params, body }) =>
    changeRole(store, access, params.organizationId, params.userId, body.role),
  async removeMember({ store, access, actor, params: { organizationId, userId } }) {
    await removeMember(store, access, organizationId, { userId, ownId: actor.id });
    return undefined;
  },
  listInvitations: ({ store, params, query }) => store.listInvitations(params.organizationId, query),
  createInvitation: ({ ports, store, access, actor, params, body }) =>
    invite(ports, store, access, params.organizationId, {
      ...body,
      invitedBy: actor.id,
      ...(body.wallet !== undefined && { wallet: normalizeWallet(ports, body.wallet, "/wallet") }),
    }),
  async revokeInvitation({ store, params: { organizationId, invitationId } }) {
    if (!(await store.revokeInvitation(organizationId, invitationId))) {
      throw new AppError("request.not_found", "There is no such invitation, or it has been accepted.");
    }
    return undefined;
  },
};

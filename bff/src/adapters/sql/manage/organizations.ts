import { invitations, members, organizations, sessions, wallets } from "@gasless/db";
import { and, asc, desc, eq, isNull, lt, sql } from "drizzle-orm";
import type { Invitation, Member, Organization } from "../../../contract/manage/organizations.ts";
import { CONSOLE_PROJECT_ID } from "../../../contract/manage/console.ts";
import { AppError } from "../../../errors.ts";
import type { OrganizationStore } from "../../../manage-ports.ts";
import { onlyRow } from "../database.ts";
import type { ActingDatabase } from "./acting.ts";
import { toPage } from "./page.ts";

const MAX_ORGANIZATIONS = 100;
const MAX_OWN_ORGANIZATIONS = 20;

const viewOrganization = ({ revision, createdAt, ...row }: typeof organizations.$inferSelect): Organization => ({
  ...row,
  version: revision.toString(),
  createdAt: createdAt.toISOString(),
});

function stateOf(
  { acceptedAt, revokedAt, expiresAt }: typeof invitations.$inferSelect,
  now: Date,
): Invitation["state"] {
  if (acceptedAt) return "accepted";
  if (revokedAt) return "revoked";
  return expiresAt <= now ? "expired" : "open";
}

const viewInvitation = (row: typeof invitations.$inferSelect, now: Date): Invitation => ({
  id: row.id,
  role: row.role,
  note: row.note,
  wallet: row.wallet,
  state: stateOf(row, now),
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
});

// Within a statement of one table, bare columns of a template lose their table: conditions keep it.
const isOwnWallet = and(eq(wallets.projectId, CONSOLE_PROJECT_ID), eq(wallets.userId, members.userId));
const isOwnSession = and(eq(sessions.projectId, CONSOLE_PROJECT_ID), eq(sessions.userId, members.userId));
const ownWallets = sql<string[]>`array(select wallet from ${wallets} where ${isOwnWallet}
  order by linked_at, wallet limit 20)`;
const lastSeen = sql<Date | null>`(select max(refreshed_at) from ${sessions} where ${isOwnSession})`.mapWith(
  sessions.refreshedAt,
);
const MEMBER = {
  userId: members.userId,
  role: members.role,
  wallets: ownWallets,
  joinedAt: members.joinedAt,
  lastSeenAt: lastSeen,
};

const viewMember = (
  row: Omit<Member, "joinedAt" | "lastSeenAt"> & { joinedAt: Date; lastSeenAt: Date | null },
): Member => ({
  ...row,
  joinedAt: row.joinedAt.toISOString(),
  lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
});

const isMember = (organizationId: string, userId: string, role: Member["role"]) =>
  and(eq(members.organizationId, organizationId), eq(members.userId, userId), eq(members.role, role));

/** SQL says the same of an invitation's code, for which another remedy helps. */
const unknownClaimCode = (): AppError =>
  new AppError(
    "request.not_found",
    "There is no such claim code: `npm run claim` prints another, which ends those before it.",
  );

const changedMeanwhile = (): AppError => new AppError("manage.conflict", "The member was changed meanwhile.");

export function createOrganizationQueries({ run, act }: ActingDatabase): OrganizationStore {
  const isClaimed = async (): Promise<boolean> => {
    const rows = await run((db) => db.select({ id: organizations.id }).from(organizations).limit(1));
    return rows.length > 0;
  };
  return {
    isClaimed,
    async readMe(userId) {
      const [own, rows] = await Promise.all([
        run((db) =>
          db
            .select({ wallet: wallets.wallet })
            .from(wallets)
            .where(and(eq(wallets.projectId, CONSOLE_PROJECT_ID), eq(wallets.userId, userId)))
            .orderBy(asc(wallets.linkedAt), asc(wallets.wallet)),
        ),
        run((db) =>
          db
            .select({ organization: organizations, role: members.role })
            .from(members)
            .innerJoin(organizations, eq(organizations.id, members.organizationId))
            .where(eq(members.userId, userId))
            .orderBy(desc(organizations.id))
            .limit(MAX_ORGANIZATIONS),
        ),
      ]);
      return {
        wallets: own.map(({ wallet }) => wallet),
        memberships: rows.map(({ organization, role }) => ({ organization: viewOrganization(organization), role })),
        isClaimed: rows.length > 0 || (await isClaimed()),
      };
    },
    async claim(codeHash, userId, organizationId, name) {
      const query = sql`select claim_installation(${codeHash}, ${userId}, ${organizationId}, ${name})`;
      await act((tx) => tx.execute(query)).catch((error: unknown) => {
        throw error instanceof AppError && error.code === "request.not_found" ? unknownClaimCode() : error;
      });
    },
    async createOrganization(userId, organizationId, name) {
      await act(async (tx) => {
        // One at a time, so that the count holds.
        await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`organizations ${userId}`}, 0))`);
        const own = await tx.$count(members, and(eq(members.userId, userId), eq(members.role, "owner")));
        if (own >= MAX_OWN_ORGANIZATIONS) {
          throw new AppError(
            "manage.conflict",
            `Nobody makes more organizations who owns ${MAX_OWN_ORGANIZATIONS}: leave one that has another owner first.`,
          );
        }
        await tx.insert(organizations).values({ id: organizationId, name });
        await tx.insert(members).values({ organizationId, userId, role: "owner" });
      });
    },
    async readOrganization(organizationId) {
      const [row] = await run((db) => db.select().from(organizations).where(eq(organizations.id, organizationId)));
      return row && viewOrganization(row);
    },
    async renameOrganization(organizationId, version, name) {
      const [row] = await act((tx) =>
        tx
          .update(organizations)
          .set({ name })
          .where(and(eq(organizations.id, organizationId), eq(organizations.revision, BigInt(version))))
          .returning(),
      );
      if (!row) throw new AppError("manage.conflict", "The organization was changed meanwhile.");
      return viewOrganization(row);
    },
    async listMembers(organizationId, { limit, cursor }) {
      const rows = await run((db) =>
        db
          .select(MEMBER)
          .from(members)
          .where(
            and(
              eq(members.organizationId, organizationId),
              cursor === undefined ? undefined : lt(members.userId, cursor),
            ),
          )
          .orderBy(desc(members.userId))
          .limit(limit + 1),
      );
      return toPage(rows, limit, viewMember, ({ userId }) => userId);
    },
    async findMemberOf(organizationId, userId) {
      const [row] = await run((db) =>
        db
          .select(MEMBER)
          .from(members)
          .where(and(eq(members.organizationId, organizationId), eq(members.userId, userId))),
      );
      return row && viewMember(row);
    },
    async setRole(organizationId, userId, from, to) {
      const rows = await act((tx) =>
        tx
          .update(members)
          .set({ role: to })
          .where(isMember(organizationId, userId, from))
          .returning({ role: members.role }),
      );
      if (rows.length === 0) throw changedMeanwhile();
    },
    async removeMember(organizationId, userId, role) {
      const rows = await act((tx) =>
        tx
          .delete(members)
          .where(isMember(organizationId, userId, role))
          .returning({ role: members.role }),
      );
      if (rows.length === 0) throw changedMeanwhile();
    },
    async listInvitations(organizationId, { limit, cursor }) {
      const rows = await run((db) =>
        db
          .select({ invitation: invitations, now: sql<Date>`now()`.mapWith(invitations.createdAt) })
          .from(invitations)
          .where(
            and(
              eq(invitations.organizationId, organizationId),
              cursor === undefined ? undefined : lt(invitations.id, cursor),
            ),
          )
          .orderBy(desc(invitations.id))
          .limit(limit + 1),
      );
      return toPage(
        rows,
        limit,
        ({ invitation, now }) => viewInvitation(invitation, now),
        ({ invitation }) => invitation.id,
      );
    },
    async createInvitation(organizationId, { expiresInSeconds, note, wallet, ...invitation }) {
      const rows = await act((tx) =>
        tx
          .insert(invitations)
          .values({
            ...invitation,
            organizationId,
            note: note ?? null,
            wallet: wallet ?? null,
            expiresAt: sql`now() + make_interval(secs => ${expiresInSeconds})`,
          })
          .returning(),
      );
      const row = onlyRow({ rows });
      return viewInvitation(row, row.createdAt);
    },
    async revokeInvitation(organizationId, invitationId) {
      const rows = await act((tx) =>
        tx
          .update(invitations)
          .set({ revokedAt: sql`coalesce(${invitations.revokedAt}, now())` })
          .where(
            and(
              eq(invitations.organizationId, organizationId),
              eq(invitations.id, invitationId),
              isNull(invitations.acceptedAt),
            ),
          )
          .returning({ id: invitations.id }),
      );
      return rows.length > 0;
    },
    acceptInvitation: (codeHash, userId) =>
      act(
        async (tx) =>
          onlyRow(await tx.execute<{ id: string }>(sql`select accept_invitation(${codeHash}, ${userId}) as id`)).id,
      ),
  };
}

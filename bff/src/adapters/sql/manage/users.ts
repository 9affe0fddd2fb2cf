import { sessions, users, wallets } from "@gasless/db";
import { and, asc, desc, eq, gt, isNull, lt, sql } from "drizzle-orm";
import type { NetworkName } from "../../../contract/index.ts";
import type { ManagedSession, ManagedUser } from "../../../contract/manage/traffic.ts";
import type { TrafficStore } from "../../../manage-ports.ts";
import { onlyRow } from "../database.ts";
import type { ActingDatabase } from "./acting.ts";
import { toPage } from "./page.ts";

const MAX_SESSIONS = 100;

const isOpen = and(
  isNull(sessions.revokedAt),
  gt(sessions.idleExpiresAt, sql`now()`),
  gt(sessions.expiresAt, sql`now()`),
);

// Within a statement of one table, bare columns of a template lose their table: conditions keep it.
const ofUser = and(eq(sessions.projectId, users.projectId), eq(sessions.userId, users.id));
const walletsOfUser = and(eq(wallets.projectId, users.projectId), eq(wallets.userId, users.id));
const USER = {
  id: users.id,
  createdAt: users.createdAt,
  wallets: sql<
    string[]
  >`array(select wallet from ${wallets} where ${walletsOfUser} order by linked_at, wallet limit 20)`,
  sessions: sql<number>`(select count(*)::integer from ${sessions} where ${ofUser} and ${isOpen})`,
  lastSeenAt: sql<Date | null>`(select max(refreshed_at) from ${sessions} where ${ofUser})`.mapWith(
    sessions.refreshedAt,
  ),
};

const view = ({
  createdAt,
  lastSeenAt,
  ...row
}: Omit<ManagedUser, "createdAt" | "lastSeenAt"> & {
  readonly createdAt: Date;
  readonly lastSeenAt: Date | null;
}): ManagedUser => ({
  ...row,
  createdAt: createdAt.toISOString(),
  lastSeenAt: lastSeenAt?.toISOString() ?? null,
});

const viewSession = (row: {
  readonly [Name in keyof ManagedSession]: Name extends `${string}At` ? Date : ManagedSession[Name];
}): ManagedSession => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  idleExpiresAt: row.idleExpiresAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
});

export function createUserQueries({
  run,
  act,
}: ActingDatabase): Pick<TrafficStore, "searchUsers" | "readUserDetail" | "revokeSessionsOf"> {
  return {
    async searchUsers(projectId, wallet, { limit, cursor }) {
      const ofWallet = sql`${users.id} = (select user_id from ${wallets}
        where ${and(eq(wallets.projectId, projectId), eq(wallets.wallet, wallet ?? ""))})`;
      const rows = await run((db) =>
        db
          .select(USER)
          .from(users)
          .where(
            and(
              eq(users.projectId, projectId),
              wallet === undefined ? undefined : ofWallet,
              cursor === undefined ? undefined : lt(users.id, cursor),
            ),
          )
          .orderBy(desc(users.id))
          .limit(limit + 1),
      );
      return toPage(rows, limit, view, ({ id }) => id);
    },
    async readUserDetail(projectId, userId) {
      const [user] = await run((db) =>
        db
          .select(USER)
          .from(users)
          .where(and(eq(users.projectId, projectId), eq(users.id, userId))),
      );
      if (!user) return undefined;
      const open = await run((db) =>
        db
          .select({
            id: sessions.id,
            network: sql<NetworkName>`${sessions.network}`,
            wallet: sessions.wallet,
            amr: sessions.amr,
            origin: sessions.origin,
            createdAt: sessions.createdAt,
            idleExpiresAt: sessions.idleExpiresAt,
            expiresAt: sessions.expiresAt,
          })
          .from(sessions)
          .where(and(eq(sessions.projectId, projectId), eq(sessions.userId, userId), isOpen))
          .orderBy(desc(sessions.id), asc(sessions.createdAt))
          .limit(MAX_SESSIONS),
      );
      return { ...view(user), openSessions: open.map(viewSession) };
    },
    revokeSessionsOf: (projectId, whose) =>
      act(async (tx) => {
        const sessionId = "sessionId" in whose ? whose.sessionId : null;
        const [found] =
          "userId" in whose
            ? await tx
                .select({ userId: users.id })
                .from(users)
                .where(and(eq(users.projectId, projectId), eq(users.id, whose.userId)))
            : await tx
                .select({ userId: sessions.userId })
                .from(sessions)
                .where(and(eq(sessions.projectId, projectId), eq(sessions.id, whose.sessionId)));
        if (!found) return undefined;
        const revoked = sql`select revoke_sessions_of(${projectId}, ${found.userId}, ${sessionId}) as revoked`;
        return onlyRow(await tx.execute<{ revoked: number }>(revoked)).revoked;
      }),
  };
}

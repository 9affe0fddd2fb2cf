import { sessions, wallets } from "@gasless/db";
import { and, asc, desc, eq, gt, isNull, sql } from "drizzle-orm";
import type { StorePort } from "../../ports.ts";
import type { SessionRecord, UserWallet } from "../../domain/session.ts";
import { type Database, onlyRow, runGuarded } from "./database.ts";

const IDLE_SECONDS = 24 * 3_600;
const ABSOLUTE_SECONDS = 7 * 24 * 3_600;
/** How long the answer of a Bearer refresh may be asked for again. */
const REPEAT_SECONDS = 30;
const MAX_LISTED_SESSIONS = 100;
const MAX_WALLETS = 20;

type SessionQueries = Pick<
  StorePort,
  | "openSession"
  | "refreshSession"
  | "readSession"
  | "listSessions"
  | "revokeSessions"
  | "listWallets"
  | "linkWallet"
  | "unlinkWallet"
>;

interface SessionTimes extends Record<string, unknown> {
  readonly created_at: string;
  readonly idle_expires_at: string;
  readonly expires_at: string;
}

const readTimes = (row: SessionTimes) => ({
  createdAt: new Date(row.created_at),
  idleExpiresAt: new Date(row.idle_expires_at),
  expiresAt: new Date(row.expires_at),
});

const readWallets = (rows: readonly UserWallet[]): UserWallet[] =>
  rows.map(({ wallet, linkedAt }) => ({ wallet, linkedAt: new Date(linkedAt).toISOString() }));

const COLUMNS = {
  id: sessions.id,
  userId: sessions.userId,
  network: sessions.network,
  wallet: sessions.wallet,
  amr: sessions.amr,
  keyThumbprint: sessions.keyThumbprint,
  createdAt: sessions.createdAt,
  idleExpiresAt: sessions.idleExpiresAt,
  expiresAt: sessions.expiresAt,
};

/** SQL says null where the rest of the code says nothing. */
const toRecord = (
  row: Omit<SessionRecord, "keyThumbprint"> & { readonly keyThumbprint: string | null },
): SessionRecord => ({
  ...row,
  keyThumbprint: row.keyThumbprint ?? undefined,
});

const isAlive = and(
  isNull(sessions.revokedAt),
  gt(sessions.idleExpiresAt, sql`now()`),
  gt(sessions.expiresAt, sql`now()`),
);

export function createSessionQueries(database: Database): SessionQueries {
  const { run } = database;
  return {
    openSession: (session) =>
      runGuarded(database, async (db) => {
        const { projectId, revision, keyId, nonce, newUserId, wallet, network, origin, amr, sessionId } = session;
        const { keyThumbprint } = session;
        const row = onlyRow(
          await db.execute<SessionTimes & { user_id: string; wallets: UserWallet[] }>(sql`select * from open_session(
            ${projectId}, ${revision}, ${keyId}, ${nonce}, ${new Date(session.challengeExpiresAtMs).toISOString()},
            ${newUserId}, ${wallet}, ${network}, ${origin}, ${sql.param(amr)}, ${sessionId},
            ${keyThumbprint ?? null}, ${IDLE_SECONDS}, ${ABSOLUTE_SECONDS})`),
        );
        const own = { id: sessionId, userId: row.user_id, network, wallet, amr, keyThumbprint };
        const opened: SessionRecord = { ...own, ...readTimes(row) };
        return { session: opened, wallets: readWallets(row.wallets) };
      }),

    refreshSession: ({ projectId, keyId, sessionId, counter, origin, keyThumbprint }) =>
      run(async (db) => {
        const row = onlyRow(
          await db.execute<
            SessionTimes & {
              outcome: Awaited<ReturnType<StorePort["refreshSession"]>>["outcome"];
              counter: number;
              user_id: string;
              wallets: UserWallet[];
              wallet: string;
              network: string;
              amr: string[];
              key_thumbprint: string | null;
            }
          >(sql`select * from refresh_session(
            ${projectId}, ${keyId}, ${sessionId}, ${counter}, ${origin}, ${keyThumbprint ?? null},
            ${REPEAT_SECONDS}, ${IDLE_SECONDS})`),
        );
        const { outcome, user_id: userId, wallet, network, amr } = row;
        return {
          outcome,
          counter: row.counter,
          session: {
            id: sessionId,
            userId,
            network,
            wallet,
            amr,
            keyThumbprint: row.key_thumbprint ?? undefined,
            ...readTimes(row),
          },
          wallets: readWallets(row.wallets),
        };
      }),

    async readSession(projectId, sessionId) {
      const rows = await run((db) =>
        db
          .select({ session: COLUMNS, wallet: wallets.wallet, linkedAt: wallets.linkedAt })
          .from(sessions)
          .innerJoin(wallets, and(eq(wallets.projectId, sessions.projectId), eq(wallets.userId, sessions.userId)))
          .where(and(eq(sessions.projectId, projectId), eq(sessions.id, sessionId), isAlive))
          .orderBy(asc(wallets.linkedAt), asc(wallets.wallet)),
      );
      const [first] = rows;
      if (!first) return undefined;
      const own = rows.map(({ wallet, linkedAt }) => ({ wallet, linkedAt: linkedAt.toISOString() }));
      return { session: toRecord(first.session), wallets: own };
    },

    async listSessions(projectId, userId) {
      const rows = await run((db) =>
        db
          .select(COLUMNS)
          .from(sessions)
          .where(and(eq(sessions.projectId, projectId), eq(sessions.userId, userId), isAlive))
          .orderBy(desc(sessions.id))
          .limit(MAX_LISTED_SESSIONS),
      );
      return rows.map(toRecord);
    },

    async revokeSessions(projectId, userId, sessionId) {
      const ended = await run((db) =>
        db
          .update(sessions)
          .set({ revokedAt: sql`coalesce(${sessions.revokedAt}, now())` })
          .where(
            and(
              eq(sessions.projectId, projectId),
              eq(sessions.userId, userId),
              sessionId === undefined ? isNull(sessions.revokedAt) : eq(sessions.id, sessionId),
            ),
          )
          .returning({ id: sessions.id }),
      );
      return ended.length;
    },

    async listWallets(projectId, userId) {
      const rows = await run((db) =>
        db
          .select({ wallet: wallets.wallet, linkedAt: wallets.linkedAt })
          .from(wallets)
          .where(and(eq(wallets.projectId, projectId), eq(wallets.userId, userId)))
          .orderBy(asc(wallets.linkedAt), asc(wallets.wallet)),
      );
      return rows.map(({ wallet, linkedAt }) => ({ wallet, linkedAt: linkedAt.toISOString() }));
    },

    linkWallet: ({ projectId, userId, sessionId, nonce, challengeExpiresAtMs, wallet }) =>
      runGuarded(database, async (db) => {
        const { linked_at: linkedAt } = onlyRow(
          await db.execute<{ linked_at: string }>(sql`select * from link_wallet(
            ${projectId}, ${userId}, ${sessionId}, ${nonce}, ${new Date(challengeExpiresAtMs).toISOString()},
            ${wallet}, ${MAX_WALLETS})`),
        );
        return { wallet, linkedAt: new Date(linkedAt).toISOString() };
      }),

    unlinkWallet: ({ projectId, userId, sessionId }, wallet) =>
      runGuarded(database, async (db) => {
        const row = onlyRow(
          await db.execute<{ was_theirs: boolean }>(
            sql`select unlink_wallet(${projectId}, ${userId}, ${sessionId}, ${wallet}) as was_theirs`,
          ),
        );
        return row.was_theirs;
      }),
  };
}

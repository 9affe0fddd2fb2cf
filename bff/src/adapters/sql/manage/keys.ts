import { keyUses, projectKeys } from "@gasless/db";
import { and, desc, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import type { ProjectKey } from "../../../contract/manage/projects.ts";
import type { Scope } from "../../../contract/manage/values.ts";
import { AppError } from "../../../errors.ts";
import type { KeyStore } from "../../../manage-ports.ts";
import { onlyRow } from "../database.ts";
import type { ActingDatabase, ActingTransaction } from "./acting.ts";
import { toPage } from "./page.ts";

const isOpen = or(isNull(projectKeys.revokedAt), gt(projectKeys.revokedAt, sql`now()`));
const KEY = {
  id: projectKeys.id,
  kind: projectKeys.kind,
  name: projectKeys.name,
  lastFour: projectKeys.lastFour,
  scopes: projectKeys.scopes,
  createdAt: projectKeys.createdAt,
  endsAt: projectKeys.revokedAt,
  isActive: sql<boolean>`${isOpen}`,
};

type KeyRow = Omit<ProjectKey, "createdAt" | "endsAt" | "scopes" | "lastUsedAt"> & {
  readonly scopes: string[];
  readonly createdAt: Date;
  readonly endsAt: Date | null;
};

const view = ({ createdAt, endsAt, scopes, ...row }: KeyRow, lastUsedAt: Date | null): ProjectKey => ({
  ...row,
  // Only scopes of the contract are ever written.
  scopes: scopes as Scope[],
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
  endsAt: endsAt?.toISOString() ?? null,
});

/** Each key has limits of its own, and is looked up by its hash: a project has as many as servers and pages could need. */
const MAX_OPEN_KEYS = 100;

async function assertRoom(tx: ActingTransaction, projectId: string): Promise<void> {
  const open = await tx.$count(projectKeys, and(eq(projectKeys.projectId, projectId), isOpen));
  if (open < MAX_OPEN_KEYS) return;
  throw new AppError(
    "manage.conflict",
    `A project has at most ${MAX_OPEN_KEYS} keys that have not ended: revoke one that nobody uses, or roll without an overlap.`,
  );
}

export function createKeyQueries({ run, act }: ActingDatabase): KeyStore {
  const select = (projectId: string, filter: ReturnType<typeof and>, limit: number) =>
    run((db) =>
      db
        .select({ key: KEY, usedAt: keyUses.usedAt })
        .from(projectKeys)
        .leftJoin(keyUses, eq(keyUses.keyId, projectKeys.id))
        .where(and(eq(projectKeys.projectId, projectId), filter))
        .orderBy(desc(projectKeys.id))
        .limit(limit),
    );
  return {
    async listKeys(projectId, { limit, cursor }) {
      const rows = await select(projectId, cursor === undefined ? undefined : lt(projectKeys.id, cursor), limit + 1);
      return toPage(
        rows,
        limit,
        ({ key, usedAt }) => view(key, usedAt),
        ({ key }) => key.id,
      );
    },
    async readKey(projectId, keyId) {
      const [row] = await select(projectId, eq(projectKeys.id, keyId), 1);
      return row && view(row.key, row.usedAt);
    },
    createKey: (projectId, { expiresInSeconds, endsAt, scopes, ...key }, successorOf) =>
      act(async (tx) => {
        // One at a time, so that the count holds.
        await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`keys ${projectId}`}, 0))`);
        if (successorOf) {
          const ends = sql`now() + make_interval(secs => ${successorOf.overlapSeconds})`;
          const rolled = await tx
            .update(projectKeys)
            .set({ revokedAt: sql`least(coalesce(${projectKeys.revokedAt}, 'infinity'), ${ends})` })
            .where(and(eq(projectKeys.projectId, projectId), eq(projectKeys.id, successorOf.keyId), isOpen))
            .returning({ id: projectKeys.id });
          if (rolled.length === 0) throw new AppError("manage.conflict", "This key has ended: make a new one.");
        }
        await assertRoom(tx, projectId);
        const rows = await tx
          .insert(projectKeys)
          .values({
            ...key,
            projectId,
            scopes: [...scopes],
            // The sooner of the two; null where there is neither.
            revokedAt: sql`least(${endsAt}::timestamptz, now() + make_interval(secs => ${expiresInSeconds ?? null}))`,
          })
          .returning(KEY);
        return view(onlyRow({ rows }), null);
      }),
    async revokeKey(projectId, keyId) {
      const rows = await act((tx) =>
        tx
          .update(projectKeys)
          .set({ revokedAt: sql`least(coalesce(${projectKeys.revokedAt}, 'infinity'), now())` })
          .where(and(eq(projectKeys.projectId, projectId), eq(projectKeys.id, keyId)))
          .returning({ id: projectKeys.id }),
      );
      return rows.length > 0;
    },
  };
}

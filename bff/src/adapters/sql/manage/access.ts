import { keyUses, members, projectKeys, projects, sessions } from "@gasless/db";
import { and, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import type { Scope } from "../../../contract/manage/values.ts";
import { CONSOLE_PROJECT_ID } from "../../../contract/manage/console.ts";
import type { AccessStore } from "../../../manage-ports.ts";
import type { Database } from "../database.ts";

const PROJECT = {
  id: projects.id,
  organizationId: projects.organizationId,
  environment: projects.environment,
  status: projects.status,
};

/** Of a use that was noted: to the minute is enough. */
const isLongAgo = lt(keyUses.usedAt, sql`now() - interval '1 minute'`);

/** Who may what: one statement for a person, one for a key. */
export function createAccessQueries({ run }: Pick<Database, "run">): AccessStore {
  return {
    async findMember({ userId, sessionId }, { organizationId, projectId }) {
      const isTarget =
        projectId !== undefined
          ? eq(members.organizationId, projects.organizationId)
          : organizationId !== undefined
            ? eq(members.organizationId, organizationId)
            : sql`false`;
      const [row] = await run((db) =>
        db
          .select({ organizationId: members.organizationId, role: members.role, project: PROJECT })
          .from(sessions)
          .leftJoin(projects, eq(projects.id, projectId ?? ""))
          .leftJoin(members, and(eq(members.userId, sessions.userId), isTarget))
          .where(
            and(
              eq(sessions.id, sessionId),
              eq(sessions.projectId, CONSOLE_PROJECT_ID),
              eq(sessions.userId, userId),
              isNull(sessions.revokedAt),
              gt(sessions.expiresAt, sql`now()`),
              gt(sessions.idleExpiresAt, sql`now()`),
            ),
          )
          .limit(1),
      );
      if (!row) return undefined;
      const { organizationId: found, role, project } = row;
      const membership =
        found === null || role === null ? undefined : { organizationId: found, role, project: project ?? undefined };
      return { membership };
    },
    async findSecretKey(keyHash) {
      const isOpen = or(isNull(projectKeys.revokedAt), gt(projectKeys.revokedAt, sql`now()`));
      const [row] = await run((db) =>
        db
          .select({
            keyId: projectKeys.id,
            lastFour: projectKeys.lastFour,
            scopes: projectKeys.scopes,
            endsAt: projectKeys.revokedAt,
            isUnnoted: sql<boolean>`coalesce(${isLongAgo}, true)`,
            project: PROJECT,
          })
          .from(projectKeys)
          .innerJoin(projects, eq(projects.id, projectKeys.projectId))
          .leftJoin(keyUses, eq(keyUses.keyId, projectKeys.id))
          .where(and(eq(projectKeys.keyHash, keyHash), eq(projectKeys.kind, "secret"), isOpen)),
      );
      // Only scopes of the contract are ever written; one that this version does not know opens nothing.
      return row && { ...row, scopes: row.scopes as Scope[], endsAt: row.endsAt?.toISOString() ?? null };
    },
    async touchKey(keyId) {
      await run((db) =>
        db
          .insert(keyUses)
          .values({ keyId, usedAt: sql`now()` })
          .onConflictDoUpdate({
            target: keyUses.keyId,
            set: { usedAt: sql`now()` },
            setWhere: isLongAgo,
          }),
      ).catch(() => undefined);
    },
  };
}

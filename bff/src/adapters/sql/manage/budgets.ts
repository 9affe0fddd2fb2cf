import { limits, limitUsage, projectNetworks, projects } from "@gasless/db";
import { and, asc, eq, isNull, ne, notInArray, or, sql } from "drizzle-orm";
import type { Budget } from "../../../contract/manage/projects.ts";
import { AppError } from "../../../errors.ts";
import type { BudgetStore, NetworkPlace } from "../../../manage-ports.ts";
import type { ActingDatabase } from "./acting.ts";
import { lockNetwork } from "./lock-network.ts";

const windowStart = sql`limit_window_start(${limits.window})`;
const ROW = {
  version: sql<string>`${projects.revision}::text`,
  subject: limits.subjectKind,
  window: limits.window,
  unit: limits.unit,
  amount: limits.amount,
  used: sql<string>`coalesce(${limitUsage.used}, 0)::text`,
  held: sql<string>`coalesce(${limitUsage.held}, 0)::text`,
  resetsAt: sql<
    string | null
  >`to_char(limit_window_end(${limits.window}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
};

interface Row {
  readonly subject: "user" | "project" | "policy" | "sponsor" | null;
  readonly window: Budget["window"] | null;
  readonly unit: Budget["unit"] | null;
  readonly amount: bigint | null;
  readonly used: string;
  readonly held: string;
  readonly resetsAt: string | null;
}

function view({ subject, window, unit, amount, used, held, resetsAt }: Row): Budget[] {
  // A network without a budget is one row without one; a sponsor's belongs to no project.
  if (subject === null || subject === "sponsor" || window === null || unit === null || amount === null) return [];
  const isShared = subject !== "user";
  return [
    {
      subject,
      window,
      unit,
      limit: amount.toString(),
      used: isShared ? used : null,
      held: isShared ? held : null,
      resetsAt,
    },
  ];
}

const isNetwork = ({ projectId, network }: NetworkPlace) =>
  and(eq(projectNetworks.projectId, projectId), eq(projectNetworks.network, network));
const isOfNetwork = ({ projectId, network }: NetworkPlace) =>
  and(eq(limits.projectId, projectId), eq(limits.network, network), ne(limits.subjectKind, "sponsor"));

/** Budgets of a project's network. One that is taken away keeps its id and what it counted. */
export function createBudgetQueries({ run, act }: ActingDatabase): BudgetStore {
  return {
    async listBudgets(place) {
      const current = sql`'version ' || ${projectNetworks.policyVersion}`;
      const rows = await run((db) =>
        db
          .select(ROW)
          .from(projectNetworks)
          .innerJoin(projects, eq(projects.id, projectNetworks.projectId))
          .leftJoin(limits, and(isOfNetwork(place), isNull(limits.removedAt)))
          .leftJoin(
            limitUsage,
            and(
              eq(limitUsage.limitId, limits.id),
              eq(limitUsage.windowStart, windowStart),
              or(
                and(eq(limits.subjectKind, "project"), eq(limitUsage.subject, "")),
                and(eq(limits.subjectKind, "policy"), eq(limitUsage.subject, current)),
              ),
            ),
          )
          .where(isNetwork(place))
          .orderBy(asc(limits.subjectKind), asc(limits.unit), asc(limits.amount), asc(limits.window)),
      );
      const [first] = rows;
      return first && { version: first.version, data: rows.flatMap(view) };
    },
    setBudgets: (place, { version, policyVersion }, budgets) =>
      act(async (tx) => {
        // The network first, as whoever publishes does: then the policy that was looked at is the one in force.
        await lockNetwork(tx, place, policyVersion);
        const changed = await tx
          .update(projects)
          .set({ revision: sql`${projects.revision}` })
          .where(and(eq(projects.id, place.projectId), eq(projects.revision, BigInt(version))))
          .returning({ id: projects.id });
        if (changed.length === 0) throw new AppError("manage.conflict", "The project was changed meanwhile.");
        const kept =
          budgets.length === 0
            ? []
            : await tx
                .insert(limits)
                .values(
                  budgets.map(({ id, subject, window, unit, limit }) => ({
                    ...place,
                    id,
                    subjectKind: subject,
                    window,
                    unit,
                    amount: BigInt(limit),
                  })),
                )
                .onConflictDoUpdate({
                  target: [
                    limits.projectId,
                    limits.sponsorId,
                    limits.network,
                    limits.subjectKind,
                    limits.window,
                    limits.unit,
                  ],
                  set: { amount: sql`excluded.amount`, removedAt: null },
                })
                .returning({ id: limits.id });
        await tx
          .update(limits)
          .set({ removedAt: sql`now()` })
          .where(
            and(
              isOfNetwork(place),
              isNull(limits.removedAt),
              notInArray(
                limits.id,
                kept.map(({ id }) => id),
              ),
            ),
          );
      }),
  };
}

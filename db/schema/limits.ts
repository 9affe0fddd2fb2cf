import { sql } from "drizzle-orm";
import { check, index, pgTable, text, unique } from "drizzle-orm/pg-core";
import { baseUnits, instant } from "./columns.ts";
import { projects } from "./projects.ts";
import { sponsors } from "./sponsors.ts";

/** Budgets: how much of a unit one subject may use in a UTC calendar window. Editing `amount` leaves the usage as it is. */
export const limits = pgTable(
  "limits",
  {
    id: text("id").primaryKey(),
    /** Whose budget it is; absent where it is a sponsor's, across the projects that it pays for. */
    projectId: text("project_id").references(() => projects.id),
    sponsorId: text("sponsor_id").references(() => sponsors.id),
    network: text("network").notNull(),
    /** Each user, the project, each version of its policy, or the sponsor's key. */
    subjectKind: text("subject_kind", { enum: ["user", "project", "policy", "sponsor"] }).notNull(),
    window: text("window", { enum: ["hour", "day", "month", "lifetime"] }).notNull(),
    unit: text("unit", { enum: ["relays", "fee", "rent"] }).notNull(),
    amount: baseUnits("amount").notNull(),
    /** Null: it holds. A budget that was taken away keeps what it counted, should somebody bring it back. */
    removedAt: instant("removed_at"),
  },
  (table) => [
    unique("limits_one_of_a_kind")
      .on(table.projectId, table.sponsorId, table.network, table.subjectKind, table.window, table.unit)
      .nullsNotDistinct(),
    index("limits_of_sponsor").on(table.sponsorId),
    check("limits_subject_kind", sql`${table.subjectKind} in ('user', 'project', 'policy', 'sponsor')`),
    check(
      "limits_owner",
      sql`(${table.subjectKind} = 'sponsor') = (${table.sponsorId} is not null) and (${table.projectId} is null) = (${table.sponsorId} is not null)`,
    ),
    check("limits_window", sql`${table.window} in ('hour', 'day', 'month', 'lifetime')`),
    check("limits_unit", sql`${table.unit} in ('relays', 'fee', 'rent')`),
    check("limits_amount", sql`${table.amount} >= 0`),
  ],
);

import { sql } from "drizzle-orm";
import { check, pgTable, text, unique } from "drizzle-orm/pg-core";
import { baseUnits } from "./columns.ts";
import { projects } from "./projects.ts";

/** Budgets: how much of a unit one subject may use in a UTC calendar window. Editing `amount` leaves the usage as it is. */
export const limits = pgTable(
  "limits",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    network: text("network").notNull(),
    subjectKind: text("subject_kind", { enum: ["user", "project"] }).notNull(),
    window: text("window", { enum: ["hour", "day", "month", "lifetime"] }).notNull(),
    unit: text("unit", { enum: ["relays", "fee", "rent"] }).notNull(),
    amount: baseUnits("amount").notNull(),
  },
  (table) => [
    unique("limits_one_of_a_kind").on(table.projectId, table.network, table.subjectKind, table.window, table.unit),
    check("limits_subject_kind", sql`${table.subjectKind} in ('user', 'project')`),
    check("limits_window", sql`${table.window} in ('hour', 'day', 'month', 'lifetime')`),
    check("limits_unit", sql`${table.unit} in ('relays', 'fee', 'rent')`),
    check("limits_amount", sql`${table.amount} >= 0`),
  ],
);

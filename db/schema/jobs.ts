import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projects } from "./projects.ts";

/** Longer work of a project's, done in parts: each part commits its effects together with how far it came. */
export const jobs = pgTable(
  "jobs",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    network: text("network").notNull(),
    kind: text("kind", { enum: ["import", "backtest"] }).notNull(),
    state: text("state", { enum: ["queued", "running", "succeeded", "failed", "dead", "discarded"] })
      .notNull()
      .default("queued"),
    label: text("label").notNull(),
    /** What it was asked for. */
    input: jsonb("input").$type<unknown>().notNull(),
    /** Where the next part begins. */
    progress: jsonb("progress").$type<unknown>().notNull().default({}),
    done: integer("done").notNull().default(0),
    total: integer("total").notNull().default(0),
    result: jsonb("result").$type<unknown>(),
    /** Of the part that is next; a part that succeeds begins anew. */
    attempts: integer("attempts").notNull().default(0),
    error: jsonb("error").$type<{ detail: string; errors?: { line: number; detail: string }[] }>(),
    nextRunAt: instant("next_run_at").notNull().defaultNow(),
    leaseUntil: instant("lease_until"),
    leaseToken: uuid("lease_token"),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    endedAt: instant("ended_at"),
  },
  (table) => [
    index("jobs_of_project").on(table.projectId, table.id),
    index("jobs_due")
      .on(table.nextRunAt)
      .where(sql`${table.state} in ('queued', 'running')`),
    index("jobs_ended")
      .on(table.endedAt)
      .where(sql`${table.endedAt} is not null`),
    check("jobs_kind", sql`${table.kind} in ('import', 'backtest')`),
    check("jobs_state", sql`${table.state} in ('queued', 'running', 'succeeded', 'failed', 'dead', 'discarded')`),
  ],
);

import { sql } from "drizzle-orm";
import { check, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { baseUnits, instant } from "./columns.ts";
import { limits } from "./limits.ts";

/** What a subject has used, and holds for relays under way, of one limit in one window. `subject` is a user id, or '' for the project. */
export const limitUsage = pgTable(
  "limit_usage",
  {
    limitId: text("limit_id")
      .notNull()
      .references(() => limits.id),
    subject: text("subject").notNull(),
    windowStart: instant("window_start").notNull(),
    used: baseUnits("used")
      .notNull()
      .default(sql`0`),
    held: baseUnits("held")
      .notNull()
      .default(sql`0`),
  },
  (table) => [
    primaryKey({ columns: [table.limitId, table.subject, table.windowStart] }),
    check("limit_usage_used", sql`${table.used} >= 0`),
    check("limit_usage_held", sql`${table.held} >= 0`),
  ],
);

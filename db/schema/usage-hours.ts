import { index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { baseUnits, instant } from "./columns.ts";
import { projects } from "./projects.ts";

/** What a project's relays of one hour came to, made anew from them while they may still change. */
export const usageHours = pgTable(
  "usage_hours",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    network: text("network").notNull(),
    /** Where it begins, UTC. */
    hour: instant("hour").notNull(),
    relays: integer("relays").notNull(),
    finalized: integer("finalized").notNull(),
    failed: integer("failed").notNull(),
    expired: integer("expired").notNull(),
    open: integer("open").notNull(),
    /** Charged, and quoted where a relay has not ended. */
    fee: baseUnits("fee").notNull(),
    rent: baseUnits("rent").notNull(),
    /** Relays by their time from signing to the end: at most 1, 2, 4, 8, 16, 32, 64 s, and more. */
    landTimes: integer("land_times").array().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.network, table.hour] }),
    index("usage_hours_hour").on(table.hour),
  ],
);

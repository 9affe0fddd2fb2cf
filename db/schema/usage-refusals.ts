import { index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projects } from "./projects.ts";

/** How often a project's relays were refused in one hour, by code. */
export const usageRefusals = pgTable(
  "usage_refusals",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    network: text("network").notNull(),
    hour: instant("hour").notNull(),
    code: text("code").notNull(),
    refused: integer("refused").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.network, table.hour, table.code] }),
    index("usage_refusals_hour").on(table.hour),
  ],
);

import { index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projects } from "./projects.ts";

/** Which users had a relay in an hour: so that different ones can be counted over any time. */
export const usageUsers = pgTable(
  "usage_users",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    network: text("network").notNull(),
    hour: instant("hour").notNull(),
    userId: text("user_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.network, table.hour, table.userId] }),
    index("usage_users_hour").on(table.hour),
  ],
);

import { sql } from "drizzle-orm";
import { check, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { projects } from "./projects.ts";

/** The exact origins whose pages may call in the name of a project. */
export const projectOrigins = pgTable(
  "project_origins",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    origin: text("origin").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.origin] }),
    check("project_origins_origin", sql`${table.origin} ~ '^https?://[a-z0-9.:\\[\\]-]{1,253}$'`),
  ],
);

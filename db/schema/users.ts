import { index, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projects } from "./projects.ts";

/** A person as one project knows them: the owner of at least one proven wallet. */
export const users = pgTable(
  "users",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (table) => [
    index("users_of_project").on(table.projectId, table.id),
    unique("users_id_project").on(table.id, table.projectId),
  ],
);

import { index, pgTable, text } from "drizzle-orm/pg-core";
import { bytes, instant } from "./columns.ts";
import { projects } from "./projects.ts";

/** API keys. Only the SHA-256 of a key is kept, with its last four characters to recognise it by. */
export const projectKeys = pgTable(
  "project_keys",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    keyHash: bytes("key_hash").notNull().unique(),
    lastFour: text("last_four").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    revokedAt: instant("revoked_at"),
  },
  (table) => [index("project_keys_project").on(table.projectId)],
);

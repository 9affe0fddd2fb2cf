import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projects } from "./projects.ts";

/** Policies that are not published yet, as their authors left them. */
export const policyDrafts = pgTable(
  "policy_drafts",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    network: text("network").notNull(),
    name: text("name").notNull(),
    document: jsonb("document").$type<unknown>().notNull(),
    /** In force when it was begun; absent: none was. */
    baseVersion: integer("base_version"),
    revision: bigint("revision", { mode: "bigint" })
      .notNull()
      .default(sql`1`),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [index("policy_drafts_of_network").on(table.projectId, table.network, table.id)],
);

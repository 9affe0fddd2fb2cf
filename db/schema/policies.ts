import { sql } from "drizzle-orm";
import { check, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projects } from "./projects.ts";

/** Immutable versions of what a project sponsors on a network. The document is parsed by the reader, who denies what it cannot read. */
export const policies = pgTable(
  "policies",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    network: text("network").notNull(),
    version: integer("version").notNull(),
    document: jsonb("document").$type<unknown>().notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** Who published it, as the audit log has it. */
    actor: jsonb("actor")
      .$type<{ kind: string; name: string }>()
      .default(sql`nullif(current_setting('gasless.actor', true), '')::jsonb`),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.network, table.version] }),
    check("policies_version", sql`${table.version} > 0`),
  ],
);

import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { bytes, instant } from "./columns.ts";
import { projects } from "./projects.ts";

/** API keys: publishable ones of pages, secret ones of servers. Only the SHA-256 of a key is kept, with its last four characters to recognise it by. */
export const projectKeys = pgTable(
  "project_keys",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    keyHash: bytes("key_hash").notNull().unique(),
    kind: text("kind", { enum: ["publishable", "secret"] })
      .notNull()
      .default("publishable"),
    name: text("name"),
    /** What a secret key may do. */
    scopes: text("scopes")
      .array()
      .notNull()
      .default(sql`'{}'`),
    lastFour: text("last_four").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** From when on it opens nothing: in the future for a key that was rolled, or has an end. */
    revokedAt: instant("revoked_at"),
  },
  (table) => [
    index("project_keys_project").on(table.projectId, table.id),
    check("project_keys_kind", sql`${table.kind} in ('publishable', 'secret')`),
    check("project_keys_scopes", sql`(${table.kind} = 'secret') = (cardinality(${table.scopes}) > 0)`),
  ],
);

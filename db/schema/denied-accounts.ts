import { sql } from "drizzle-orm";
import { index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projects } from "./projects.ts";

/** Addresses that no sponsored transaction of a project may name. Who is in it is denied: a job takes out what has expired. */
export const deniedAccounts = pgTable(
  "denied_accounts",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    network: text("network").notNull(),
    address: text("address").notNull(),
    note: text("note"),
    createdAt: instant("created_at").notNull().defaultNow(),
    expiresAt: instant("expires_at"),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.network, table.address] }),
    index("denied_accounts_newest").on(table.projectId, table.network, table.createdAt, table.address),
    index("denied_accounts_expire")
      .on(table.expiresAt)
      .where(sql`${table.expiresAt} is not null`),
  ],
);

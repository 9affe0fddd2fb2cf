import { pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { projects } from "./projects.ts";

/** Addresses that no sponsored transaction of a project may name. */
export const deniedAccounts = pgTable(
  "denied_accounts",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    network: text("network").notNull(),
    address: text("address").notNull(),
    note: text("note"),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.network, table.address] })],
);

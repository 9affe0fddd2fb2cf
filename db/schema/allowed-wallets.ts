import { sql } from "drizzle-orm";
import { index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projects } from "./projects.ts";

/** Wallets whose sessions are sponsored where a network takes nobody else. Addresses without their family. */
export const allowedWallets = pgTable(
  "allowed_wallets",
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
    index("allowed_wallets_newest").on(table.projectId, table.network, table.createdAt, table.address),
    index("allowed_wallets_expire")
      .on(table.expiresAt)
      .where(sql`${table.expiresAt} is not null`),
  ],
);

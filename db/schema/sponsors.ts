import { sql } from "drizzle-orm";
import { check, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** Funded on-chain identities that pay. The key material never comes here. */
export const sponsors = pgTable(
  "sponsors",
  {
    id: text("id").primaryKey(),
    network: text("network").notNull(),
    address: text("address").notNull(),
    state: text("state", { enum: ["active", "draining", "retired"] })
      .notNull()
      .default("active"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (table) => [
    unique("sponsors_network_address").on(table.network, table.address),
    unique("sponsors_id_network").on(table.id, table.network),
    check("sponsors_state", sql`${table.state} in ('active', 'draining', 'retired')`),
  ],
);

import { sql } from "drizzle-orm";
import { check, index, pgTable, text, unique } from "drizzle-orm/pg-core";
import { baseUnits, instant } from "./columns.ts";
import { organizations } from "./organizations.ts";

/** Funded on-chain identities that pay. The key material never comes here. */
export const sponsors = pgTable(
  "sponsors",
  {
    id: text("id").primaryKey(),
    /** Whose projects it may pay for; absent: only the operator says. */
    organizationId: text("organization_id").references(() => organizations.id),
    network: text("network").notNull(),
    address: text("address").notNull(),
    state: text("state", { enum: ["active", "draining", "retired"] })
      .notNull()
      .default("active"),
    /** Kept by a trigger. */
    stateChangedAt: instant("state_changed_at").notNull().defaultNow(),
    /** Lamports below which it pays for nothing: what is in flight must still find its fee. */
    balanceFloor: baseUnits("balance_floor")
      .notNull()
      .default(sql`5000000`),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (table) => [
    index("sponsors_of_organization").on(table.organizationId, table.id),
    // A message does not say which cluster it is for: one key on two of them would pay on both for what one allowed.
    unique("sponsors_address").on(table.address),
    unique("sponsors_id_network").on(table.id, table.network),
    check("sponsors_state", sql`${table.state} in ('active', 'draining', 'retired')`),
    check("sponsors_balance_floor", sql`${table.balanceFloor} >= 0`),
  ],
);

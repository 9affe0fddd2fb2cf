import { sql } from "drizzle-orm";
import { bigint, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { baseUnits, instant } from "./columns.ts";
import { sponsors } from "./sponsors.ts";

/**
 * Observed balances against the ledger. An observation is judged once every relay that was signed before it has ended:
 * `difference` = balance − (balance of the observation before − what was charged in between); below zero, the sponsor
 * lost what the ledger does not know of. `charged` is negative where a slot is older than that of the observation before.
 */
export const sponsorChecks = pgTable(
  "sponsor_checks",
  {
    sponsorId: text("sponsor_id")
      .notNull()
      .references(() => sponsors.id),
    slot: bigint("slot", { mode: "bigint" }).notNull(),
    balance: baseUnits("balance").notNull(),
    observedAt: instant("observed_at").notNull().defaultNow(),
    charged: baseUnits("charged"),
    difference: baseUnits("difference"),
    judgedAt: instant("judged_at"),
  },
  (table) => [
    primaryKey({ columns: [table.sponsorId, table.slot] }),
    index("sponsor_checks_observed").on(table.sponsorId, table.observedAt),
    index("sponsor_checks_unjudged")
      .on(table.sponsorId, table.observedAt)
      .where(sql`${table.judgedAt} is null`),
    index("sponsor_checks_lost")
      .on(table.sponsorId, table.judgedAt)
      .where(sql`${table.difference} < 0`),
    index("sponsor_checks_judged").on(table.judgedAt),
  ],
);

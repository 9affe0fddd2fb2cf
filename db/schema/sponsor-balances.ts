import { sql } from "drizzle-orm";
import { bigint, pgTable, text } from "drizzle-orm/pg-core";
import { baseUnits, instant } from "./columns.ts";
import { sponsors } from "./sponsors.ts";

/** The last balance of a sponsor that a node could tell, and how often none could. Its own table: it changes each minute. */
export const sponsorBalances = pgTable("sponsor_balances", {
  sponsorId: text("sponsor_id")
    .primaryKey()
    .references(() => sponsors.id),
  balance: baseUnits("balance"),
  slot: bigint("slot", { mode: "bigint" }),
  observedAt: instant("observed_at"),
  fetchErrors: bigint("fetch_errors", { mode: "bigint" })
    .notNull()
    .default(sql`0`),
});

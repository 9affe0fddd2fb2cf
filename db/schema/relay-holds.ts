import { sql } from "drizzle-orm";
import { check, foreignKey, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { baseUnits, instant } from "./columns.ts";
import { limitUsage } from "./limit-usage.ts";
import { relays } from "./relays.ts";

/** What one relay holds of one limit; `charged` is null while it is held, then what it really cost (0: released). */
export const relayHolds = pgTable(
  "relay_holds",
  {
    relayId: text("relay_id")
      .notNull()
      .references(() => relays.id, { onDelete: "cascade" }),
    limitId: text("limit_id").notNull(),
    subject: text("subject").notNull(),
    windowStart: instant("window_start").notNull(),
    unit: text("unit", { enum: ["relays", "fee", "rent"] }).notNull(),
    amount: baseUnits("amount").notNull(),
    charged: baseUnits("charged"),
  },
  (table) => [
    primaryKey({ columns: [table.relayId, table.limitId] }),
    foreignKey({
      name: "relay_holds_usage",
      columns: [table.limitId, table.subject, table.windowStart],
      foreignColumns: [limitUsage.limitId, limitUsage.subject, limitUsage.windowStart],
    }),
    check("relay_holds_amount", sql`${table.amount} > 0`),
    check("relay_holds_charged", sql`${table.charged} >= 0`),
  ],
);

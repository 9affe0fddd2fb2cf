import { index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { baseUnits, instant } from "./columns.ts";
import { sponsors } from "./sponsors.ts";

/** What a sponsor was charged for the relays of one hour, in all projects that it pays for. */
export const usageSponsors = pgTable(
  "usage_sponsors",
  {
    sponsorId: text("sponsor_id")
      .notNull()
      .references(() => sponsors.id),
    hour: instant("hour").notNull(),
    /** Fee and rent, in base units of its network. */
    spent: baseUnits("spent").notNull(),
  },
  (table) => [primaryKey({ columns: [table.sponsorId, table.hour] }), index("usage_sponsors_hour").on(table.hour)],
);

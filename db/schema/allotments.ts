import { foreignKey, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projects } from "./projects.ts";
import { relays } from "./relays.ts";

/**
 * What each user of a project is given once on a network, such as the minimum balance for one asset, and by which relay:
 * one that never landed gives it back.
 */
export const allotments = pgTable(
  "allotments",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    network: text("network").notNull(),
    /** As budgets count: the user, or whom its wallet belonged to before. */
    subject: text("subject").notNull(),
    item: text("item").notNull(),
    relayId: text("relay_id").notNull(),
    givenAt: instant("given_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.network, table.subject, table.item] }),
    foreignKey({ name: "allotments_relay", columns: [table.relayId], foreignColumns: [relays.id] }).onDelete("cascade"),
    index("allotments_of_relay").on(table.relayId),
  ],
);

import { foreignKey, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projectNetworks } from "./project-networks.ts";
import { sponsors } from "./sponsors.ts";

/** Who pays for a project on a network: its pool. What was prepared with one that is removed is accepted for five minutes more. */
export const projectSponsors = pgTable(
  "project_sponsors",
  {
    projectId: text("project_id").notNull(),
    network: text("network").notNull(),
    sponsorId: text("sponsor_id").notNull(),
    addedAt: instant("added_at").notNull().defaultNow(),
    removedAt: instant("removed_at"),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.network, table.sponsorId] }),
    foreignKey({
      name: "project_sponsors_network",
      columns: [table.projectId, table.network],
      foreignColumns: [projectNetworks.projectId, projectNetworks.network],
    }),
    foreignKey({
      name: "project_sponsors_sponsor",
      columns: [table.sponsorId, table.network],
      foreignColumns: [sponsors.id, sponsors.network],
    }),
  ],
);

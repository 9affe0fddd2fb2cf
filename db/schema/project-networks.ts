import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { policies } from "./policies.ts";
import { projects } from "./projects.ts";

/** The networks of a project, each with its published policy (absent: nothing is sponsored). */
export const projectNetworks = pgTable(
  "project_networks",
  {
    projectId: text("project_id").notNull(),
    environment: text("environment", { enum: ["test", "live"] }).notNull(),
    network: text("network").notNull(),
    policyVersion: integer("policy_version"),
    explorer: text("explorer"),
    /** True: only sessions of allowed wallets are sponsored. */
    allowlistOnly: boolean("allowlist_only").notNull().default(false),
    /** Their order is that in which they were added: the first is a page's own when it names none. */
    addedAt: instant("added_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.network] }),
    foreignKey({
      name: "project_networks_project",
      columns: [table.projectId, table.environment],
      foreignColumns: [projects.id, projects.environment],
    }),
    foreignKey({
      name: "project_networks_policy",
      columns: [table.projectId, table.network, table.policyVersion],
      foreignColumns: [policies.projectId, policies.network, policies.version],
    }),
    check(
      "project_networks_test_stays_off_mainnet",
      sql`${table.environment} = 'live' or (${table.network} not like '%:mainnet' and ${table.network} not in ('eip155:1', 'eip155:10', 'eip155:56', 'eip155:137', 'eip155:8453', 'eip155:42161', 'eip155:43114'))`,
    ),
  ],
);

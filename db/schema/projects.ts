import { sql } from "drizzle-orm";
import { bigint, check, index, integer, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { organizations } from "./organizations.ts";

/** One integrator's dapp. `revision` grows with every change that a cached copy must not outlive. */
export const projects = pgTable(
  "projects",
  {
    id: text("id").primaryKey(),
    /** Whose it is; absent: the operator's own, and nobody's in the dashboard. */
    organizationId: text("organization_id").references(() => organizations.id),
    name: text("name").notNull(),
    environment: text("environment", { enum: ["test", "live"] }).notNull(),
    status: text("status", { enum: ["active", "suspended"] })
      .notNull()
      .default("active"),
    revision: bigint("revision", { mode: "bigint" })
      .notNull()
      .default(sql`1`),
    statement: text("statement").notNull(),
    theme: jsonb("theme").$type<Record<string, string>>().notNull().default({}),
    locale: text("locale").notNull().default("en"),
    requestsPerMinute: integer("requests_per_minute").notNull().default(60_000),
    addressSignInsPerMinute: integer("address_sign_ins_per_minute").notNull().default(120),
    addressRequestsPerMinute: integer("address_requests_per_minute").notNull().default(1_200),
    keyRequestsPerMinute: integer("key_requests_per_minute").notNull().default(60_000),
    userRelaysPerMinute: integer("user_relays_per_minute").notNull().default(300),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (table) => [
    index("projects_of_organization").on(table.organizationId, table.id),
    unique("projects_id_environment").on(table.id, table.environment),
    check("projects_environment", sql`${table.environment} in ('test', 'live')`),
    check("projects_status", sql`${table.status} in ('active', 'suspended')`),
    check(
      "projects_statement_is_one_ascii_line",
      sql`${table.statement} ~ '^[ -~]+$' and length(${table.statement}) <= 300`,
    ),
  ],
);

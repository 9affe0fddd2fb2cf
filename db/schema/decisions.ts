import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { baseUnits, bytes, instant } from "./columns.ts";
import { projects } from "./projects.ts";

/** What was decided about a transaction that somebody wanted to have sponsored, and of what: for explaining it later. */
export const decisions = pgTable(
  "decisions",
  {
    /** The id of the request, which its answer carries. */
    id: text("id").primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    network: text("network").notNull(),
    userId: text("user_id").notNull(),
    wallet: text("wallet").notNull(),
    decidedAt: instant("decided_at").notNull().defaultNow(),
    policyVersion: integer("policy_version"),
    /** SHA-256 of the message; absent when the bytes could not be read. */
    messageHash: bytes("message_hash"),
    /** The bytes as they came. */
    transaction: bytes("transaction").notNull(),
    /** Every key that the transaction names, those of lookup tables and of instruction data too. */
    accounts: text("accounts").array().notNull(),
    verdict: text("verdict", { enum: ["sponsor", "refuse"] }).notNull(),
    code: text("code"),
    context: jsonb("context").$type<Record<string, unknown>>(),
    fee: baseUnits("fee"),
    rent: baseUnits("rent"),
    relayId: text("relay_id"),
  },
  (table) => [
    index("decisions_of_project").on(table.projectId, table.decidedAt),
    index("decisions_of_network").on(table.projectId, table.network, table.decidedAt, table.id),
    index("decisions_by_code").on(table.projectId, table.code, table.decidedAt),
    index("decisions_by_verdict").on(table.projectId, table.verdict, table.decidedAt),
    index("decisions_of_wallet").on(table.projectId, table.wallet, table.decidedAt),
    index("decisions_of_relay")
      .on(table.relayId)
      .where(sql`${table.relayId} is not null`),
    index("decisions_by_account").using("gin", table.accounts),
    index("decisions_decided_at").on(table.decidedAt),
    check("decisions_verdict", sql`${table.verdict} in ('sponsor', 'refuse')`),
    check("decisions_refusal_has_code", sql`(${table.verdict} = 'refuse') = (${table.code} is not null)`),
  ],
);

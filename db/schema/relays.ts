import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { baseUnits, bytes, instant } from "./columns.ts";
import { sessions } from "./sessions.ts";
import { users } from "./users.ts";

/**
 * One sponsored transaction from its reservation to its end; each row is its own job.
 * Until `signed` the transaction bytes carry no signature of the sponsor's.
 */
export const relays = pgTable(
  "relays",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    userId: text("user_id").notNull(),
    sessionId: text("session_id")
      .notNull()
      .references(() => sessions.id),
    network: text("network").notNull(),
    sponsor: text("sponsor").notNull(),
    policyVersion: integer("policy_version").notNull(),
    state: text("state", {
      enum: ["received", "signed", "submitted", "confirmed", "finalized", "rejected", "failed", "expired"],
    }).notNull(),
    messageHash: bytes("message_hash").notNull(),
    transaction: bytes("transaction").notNull(),
    /** What a node is asked for; of a group, the id of the sponsor's transaction. */
    transactionId: text("transaction_id"),
    groupId: text("group_id"),
    /** Of a group, all of them in its order. */
    transactionIds: text("transaction_ids").array(),
    lifetimeEndHeight: bigint("lifetime_end_height", { mode: "bigint" }),
    quotedFee: baseUnits("quoted_fee").notNull(),
    quotedRent: baseUnits("quoted_rent").notNull(),
    chargedFee: baseUnits("charged_fee"),
    chargedRent: baseUnits("charged_rent"),
    failure: jsonb("failure").$type<{ code: string; detail: string; context?: Record<string, unknown> }>(),
    slot: bigint("slot", { mode: "bigint" }),
    checks: integer("checks").notNull().default(0),
    nextCheckAt: instant("next_check_at").notNull(),
    leaseUntil: instant("lease_until"),
    leaseToken: uuid("lease_token"),
    createdAt: instant("created_at").notNull().defaultNow(),
    signedAt: instant("signed_at"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [
    foreignKey({
      name: "relays_user",
      columns: [table.userId, table.projectId],
      foreignColumns: [users.id, users.projectId],
    }),
    uniqueIndex("relays_message_once")
      .on(table.network, table.messageHash)
      .where(sql`${table.state} <> 'rejected'`),
    index("relays_of_project").on(table.projectId, table.id),
    index("relays_by_state").on(table.projectId, table.state, table.id),
    index("relays_by_transaction").on(table.projectId, table.transactionId),
    index("relays_by_group")
      .on(table.projectId, table.groupId)
      .where(sql`${table.groupId} is not null`),
    index("relays_of_network").on(table.projectId, table.network, table.id),
    index("relays_by_group_member")
      .using("gin", table.transactionIds)
      .where(sql`${table.transactionIds} is not null`),
    index("relays_created_at").on(table.createdAt),
    index("relays_of_user").on(table.projectId, table.userId, table.id),
    index("relays_due")
      .on(table.network, table.nextCheckAt)
      .where(sql`${table.state} in ('received', 'signed', 'submitted', 'confirmed')`),
    index("relays_of_sponsor").on(table.network, table.sponsor, table.slot),
    index("relays_rejected")
      .on(table.createdAt)
      .where(sql`${table.state} = 'rejected'`),
    index("relays_overcharged")
      .on(table.id)
      .where(sql`${table.chargedFee} > ${table.quotedFee} or ${table.chargedRent} > ${table.quotedRent}`),
    check(
      "relays_state",
      sql`${table.state} in ('received', 'signed', 'submitted', 'confirmed', 'finalized', 'rejected', 'failed', 'expired')`,
    ),
    check("relays_group_is_complete", sql`(${table.groupId} is null) = (${table.transactionIds} is null)`),
    check(
      "relays_signed_is_complete",
      sql`${table.state} in ('received', 'rejected') or (${table.transactionId} is not null and ${table.signedAt} is not null and ${table.lifetimeEndHeight} is not null)`,
    ),
  ],
);

import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text, unique } from "drizzle-orm/pg-core";
import { bytes, instant } from "./columns.ts";

/**
 * Who changed what of the configuration, appended by triggers in the change's own transaction. `entry` is JSON, and is what
 * is sealed, byte for byte; a job chains the entries of each chain: `hash` = SHA-256(hash before ‖ entry).
 */
export const auditEntries = pgTable(
  "audit_entries",
  {
    /** Sorts by time. */
    id: text("id").primaryKey(),
    /** The project that it is about, or `deployment`. */
    chain: text("chain").notNull(),
    entry: text("entry").notNull(),
    /** Place in its chain, from 1 on; null until it is sealed. */
    sequence: bigint("sequence", { mode: "bigint" }),
    hash: bytes("hash"),
    /** For whoever watches the sealing; `entry` says when it was. */
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (table) => [
    unique("audit_entries_sequence").on(table.chain, table.sequence),
    index("audit_entries_of_chain").on(table.chain, table.id),
    index("audit_entries_unsealed")
      .on(table.id)
      .where(sql`${table.sequence} is null`),
    check("audit_entries_seal_is_whole", sql`(${table.sequence} is null) = (${table.hash} is null)`),
  ],
);

import { sql } from "drizzle-orm";
import { bigint, index, pgTable, text } from "drizzle-orm/pg-core";
import { bytes } from "./columns.ts";

/** The newest sealed entry of each chain, and the MAC of one that was the newest: what SQL alone cannot make again. */
export const auditHeads = pgTable(
  "audit_heads",
  {
    chain: text("chain").primaryKey(),
    sequence: bigint("sequence", { mode: "bigint" }).notNull(),
    hash: bytes("hash").notNull(),
    /** 0: nothing is signed yet. */
    signedSequence: bigint("signed_sequence", { mode: "bigint" })
      .notNull()
      .default(sql`0`),
    kid: text("kid"),
    mac: bytes("mac"),
  },
  (table) => [
    index("audit_heads_unsigned")
      .on(table.chain)
      .where(sql`${table.signedSequence} < ${table.sequence}`),
  ],
);

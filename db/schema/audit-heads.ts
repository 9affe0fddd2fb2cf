import { bigint, pgTable, text } from "drizzle-orm/pg-core";
import { bytes } from "./columns.ts";

/** The newest sealed entry of each chain, and the MAC of one that was the newest: what SQL alone cannot make again. */
export const auditHeads = pgTable("audit_heads", {
  chain: text("chain").primaryKey(),
  sequence: bigint("sequence", { mode: "bigint" }).notNull(),
  hash: bytes("hash").notNull(),
  signedSequence: bigint("signed_sequence", { mode: "bigint" }),
  kid: text("kid"),
  mac: bytes("mac"),
});

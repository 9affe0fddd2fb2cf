import { pgTable } from "drizzle-orm/pg-core";
import { bytes, instant } from "./columns.ts";

/** Codes of which one makes the first owner of an installation. Only the SHA-256 of a code is kept. */
export const claimCodes = pgTable("claim_codes", {
  codeHash: bytes("code_hash").primaryKey(),
  createdAt: instant("created_at").notNull().defaultNow(),
  usedAt: instant("used_at"),
});

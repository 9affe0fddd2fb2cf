import { sql } from "drizzle-orm";
import { bigint, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** Who owns projects and sponsors. */
export const organizations = pgTable("organizations", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  /** Grows with every change of it. */
  revision: bigint("revision", { mode: "bigint" })
    .notNull()
    .default(sql`1`),
  createdAt: instant("created_at").notNull().defaultNow(),
});

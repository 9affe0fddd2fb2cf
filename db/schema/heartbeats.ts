import { pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** When a listener last did its work to the end. Read by those outside it. */
export const heartbeats = pgTable("heartbeats", {
  /** `sweeper <network>`. */
  name: text("name").primaryKey(),
  beatAt: instant("beat_at").notNull().defaultNow(),
});

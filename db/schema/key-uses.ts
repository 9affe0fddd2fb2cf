import { pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projectKeys } from "./project-keys.ts";

/** When a key was used last, to the minute. Apart from the key, whose changes are a project's own. */
export const keyUses = pgTable("key_uses", {
  keyId: text("key_id")
    .primaryKey()
    .references(() => projectKeys.id),
  usedAt: instant("used_at").notNull(),
});

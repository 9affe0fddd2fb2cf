import { index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projects } from "./projects.ts";

/**
 * Nonces that have opened a session or linked a wallet. `expiresAt` is fifteen minutes after the challenge's own end: by then
 * no clock that is wrong by less takes it for good. A row may go a minute later.
 */
export const usedChallenges = pgTable(
  "used_challenges",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    nonce: text("nonce").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.nonce] }),
    index("used_challenges_expires_at").on(table.expiresAt),
  ],
);

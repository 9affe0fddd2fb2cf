import { foreignKey, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projectKeys } from "./project-keys.ts";
import { users } from "./users.ts";

/** Sessions. No token is kept: `refreshCounter` says which refresh token of the family is the current one. */
export const sessions = pgTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    userId: text("user_id").notNull(),
    wallet: text("wallet").notNull(),
    network: text("network").notNull(),
    origin: text("origin").notNull(),
    amr: text("amr").array().notNull(),
    /** RFC 7638 thumbprint of the key that must be proved with every call; null: a Bearer session. */
    keyThumbprint: text("key_thumbprint"),
    keyId: text("key_id")
      .notNull()
      .references(() => projectKeys.id),
    refreshCounter: integer("refresh_counter").notNull().default(0),
    refreshedAt: instant("refreshed_at").notNull().defaultNow(),
    createdAt: instant("created_at").notNull().defaultNow(),
    idleExpiresAt: instant("idle_expires_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
  },
  (table) => [
    foreignKey({
      name: "sessions_user",
      columns: [table.userId, table.projectId],
      foreignColumns: [users.id, users.projectId],
    }),
    index("sessions_user_id").on(table.projectId, table.userId, table.id),
  ],
);

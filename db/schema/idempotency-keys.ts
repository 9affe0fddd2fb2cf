import { foreignKey, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytes, instant } from "./columns.ts";
import { relays } from "./relays.ts";
import { users } from "./users.ts";

/** Keys of requests that made a relay. A refusal keeps its answer here; an acceptance is rebuilt from its relay. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    projectId: text("project_id").notNull(),
    userId: text("user_id").notNull(),
    route: text("route").notNull(),
    key: text("key").notNull(),
    fingerprint: bytes("fingerprint").notNull(),
    relayId: text("relay_id")
      .notNull()
      .references(() => relays.id, { onDelete: "cascade" }),
    refusalStatus: integer("refusal_status").$type<403 | 409 | 422>(),
    refusalBody: text("refusal_body"),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.userId, table.route, table.key] }),
    foreignKey({
      name: "idempotency_keys_user",
      columns: [table.userId, table.projectId],
      foreignColumns: [users.id, users.projectId],
    }),
    index("idempotency_keys_relay").on(table.relayId),
    index("idempotency_keys_expires_at").on(table.expiresAt),
  ],
);

import { index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** What operators are told of: open until the condition is over, delivered until somebody has taken it. */
export const alerts = pgTable(
  "alerts",
  {
    kind: text("kind").notNull(),
    /** What it is about: an id or a network, never a wallet. */
    subject: text("subject").notNull(),
    summary: text("summary").notNull(),
    context: jsonb("context").$type<Record<string, unknown>>().notNull(),
    openedAt: instant("opened_at").notNull().defaultNow(),
    seenAt: instant("seen_at").notNull().defaultNow(),
    resolvedAt: instant("resolved_at"),
    /** The state that the last delivered message told; null: none was taken yet. */
    notifiedState: text("notified_state", { enum: ["open", "resolved"] }),
    notifiedAt: instant("notified_at"),
    failedDeliveries: integer("failed_deliveries").notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.subject] }),
    // Also finds those that are open: they have no such time.
    index("alerts_resolved_at").on(table.resolvedAt),
  ],
);

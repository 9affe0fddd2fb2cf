import { boolean, foreignKey, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { users } from "./users.ts";

/** Proven wallets, `<family>:<address>` rebuilt from raw bytes; one user per project and wallet. */
export const wallets = pgTable(
  "wallets",
  {
    projectId: text("project_id").notNull(),
    wallet: text("wallet").notNull(),
    userId: text("user_id").notNull(),
    /** Whose budgets its relays are counted against. */
    budgetSubject: text("budget_subject").notNull(),
    /** They are those of the user who linked it; otherwise they are its own, and go where it goes. */
    isBudgetShared: boolean("is_budget_shared").notNull().default(false),
    linkedAt: instant("linked_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.wallet] }),
    foreignKey({
      name: "wallets_user",
      columns: [table.userId, table.projectId],
      foreignColumns: [users.id, users.projectId],
    }),
    index("wallets_user_id").on(table.projectId, table.userId),
  ],
);

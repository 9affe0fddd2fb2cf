import { pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { projects } from "./projects.ts";

/** Wallets that were taken from a user, and whose budgets they still count against: unlinking is no way to new ones. */
export const formerWallets = pgTable(
  "former_wallets",
  {
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id),
    wallet: text("wallet").notNull(),
    budgetSubject: text("budget_subject").notNull(),
    unlinkedAt: instant("unlinked_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.wallet] })],
);

import { requireBudgets, setBudgets } from "../../../services/manage/budgets/set-budgets.ts";
import type { Handlers } from "../handler.ts";

export const budgetHandlers: Handlers<"listBudgets" | "setBudgets"> = {
  listBudgets: ({ store, params }) => requireBudgets(store, params),
  setBudgets: ({ ports, store, params, body }) => setBudgets(ports, store, params, body),
};

import type { BudgetChange, BudgetList } from "../../../contract/manage/projects.ts";
import { AppError } from "../../../errors.ts";
import type { ManageStore, NetworkPlace } from "../../../manage-ports.ts";
import type { Ports } from "../../../ports.ts";

/** @throws request.not_found */
export async function requireBudgets(store: ManageStore, place: NetworkPlace): Promise<BudgetList> {
  const budgets = await store.listBudgets(place);
  if (!budgets) throw new AppError("request.not_found", "The project does not have this network.");
  return budgets;
}

/**
 * Makes these the budgets of a network, and no others. What is used and held stays, also of a budget that is taken away:
 * nobody is given more by taking one away and bringing it back. @throws manage.conflict, request.not_found
 */
export async function setBudgets(
  ports: Pick<Ports, "random" | "projects">,
  store: ManageStore,
  { projectId, network }: NetworkPlace,
  { version, data }: BudgetChange,
): Promise<BudgetList> {
  const place = { projectId, network };
  await store.setBudgets(
    place,
    version,
    data.map((budget) => ({ ...budget, id: ports.random.id("lim") })),
  );
  ports.projects.forget(projectId);
  return requireBudgets(store, place);
}

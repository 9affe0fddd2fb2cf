import type { BudgetChange, BudgetList } from "../../../contract/manage/projects.ts";
import { AppError } from "../../../errors.ts";
import type { ManageStore, NetworkPlace } from "../../../manage-ports.ts";
import type { Ports } from "../../../ports.ts";
import { needsRentBudget } from "../policies/needs-rent-budget.ts";

/** @throws request.not_found */
export async function requireBudgets(store: ManageStore, place: NetworkPlace): Promise<BudgetList> {
  const budgets = await store.listBudgets(place);
  if (!budgets) throw new AppError("request.not_found", "The project does not have this network.");
  return budgets;
}

/**
 * No lint lets a policy into force that pays rent without a budget of it: nor may one be left there without it. Gives the
 * version in force. @throws request.not_found, manage.conflict
 */
async function assertRentStaysBounded(
  { desks }: Pick<Ports, "desks">,
  store: ManageStore,
  place: NetworkPlace,
  budgets: BudgetChange["data"],
): Promise<number | null> {
  const inForce = await store.readInForce(place);
  if (!inForce) throw new AppError("request.not_found", "The project does not have this network.");
  const { current, document } = inForce;
  const desk = desks(place.network);
  const hasRentBudget = budgets.some(({ unit }) => unit === "rent");
  if (current !== null && desk && !hasRentBudget && needsRentBudget(desk, document)) {
    throw new AppError(
      "manage.conflict",
      "The policy in force pays rent: keep a budget of rent, or publish a policy that pays none first.",
      { context: { currentVersion: current, unit: "rent" } },
    );
  }
  return current;
}

/**
 * Makes these the budgets of a network, and no others. What is used and held stays, also of a budget that is taken away:
 * nobody is given more by taking one away and bringing it back. @throws manage.conflict, request.not_found
 */
export async function setBudgets(
  ports: Pick<Ports, "random" | "projects" | "desks">,
  store: ManageStore,
  { projectId, network }: NetworkPlace,
  { version, data }: BudgetChange,
): Promise<BudgetList> {
  const place = { projectId, network };
  const policyVersion = await assertRentStaysBounded(ports, store, place, data);
  await store.setBudgets(
    place,
    { version, policyVersion },
    data.map((budget) => ({ ...budget, id: ports.random.id("lim") })),
  );
  ports.projects.forget(projectId);
  return requireBudgets(store, place);
}

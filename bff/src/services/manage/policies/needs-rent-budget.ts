import type { PolicyDesk } from "../../../ports.ts";

/** Whether a policy may be in force only beside a budget of rent: without one its lints find an error that they do not find with one. */
export function needsRentBudget(desk: PolicyDesk, document: unknown): boolean {
  const read = desk.read(document);
  if (!read.ok) return false;
  const countErrors = (hasRentBudget: boolean): number =>
    read.value.lint({ hasRentBudget }).filter(({ severity }) => severity === "error").length;
  return countErrors(false) > countErrors(true);
}

import { formatAmount } from "../../format/amounts.ts";
import { type BudgetLimit, SUBJECTS, UNITS, WINDOWS } from "./budget-rows.ts";

const labelIn = (table: readonly (readonly [string, string, ...unknown[]])[], name: string): string =>
  table.find(([each]) => each === name)?.[1] ?? name;

const subjectLabel = (subject: BudgetLimit["subject"]): string => labelIn(SUBJECTS, subject);
export const windowLabel = (window: BudgetLimit["window"]): string => labelIn(WINDOWS, window);
export const unitLabel = (unit: BudgetLimit["unit"]): string => labelIn(UNITS, unit);

/** "20 relays", "0.5 SOL" */
export const limitText = (network: string, { unit, limit }: Pick<BudgetLimit, "unit" | "limit">): string =>
  unit === "relays"
    ? `${BigInt(limit).toLocaleString("en")} ${limit === "1" ? "relay" : "relays"}`
    : formatAmount(network, limit);

/** "Each user, each day, fees" */
export const budgetName = ({ subject, window, unit }: Omit<BudgetLimit, "limit">): string =>
  `${subjectLabel(subject)}, ${windowLabel(window).toLowerCase()}, ${unitLabel(unit).toLowerCase()}`;

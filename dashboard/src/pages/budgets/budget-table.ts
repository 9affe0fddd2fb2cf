import { html, type TemplateResult } from "lit";
import type { Budget } from "../../../../bff/src/contract/manage/projects.ts";
import { formatBaseUnits } from "../../format/amounts.ts";
import { time } from "../../format/times.ts";
import { dataTable } from "../../ui/table.ts";
import { fillOf, inOrder, SUBJECTS } from "./budget-rows.ts";
import { budgetName, limitText, unitLabel, windowLabel } from "./budget-words.ts";
import { budgetBar } from "./budget-bar.ts";

const limitCell = (network: string, budget: Budget): TemplateResult =>
  html`<span title=${budget.unit === "relays" ? "" : formatBaseUnits(network, budget.limit)}
    >${limitText(network, budget)}</span
  >`;

function usedCell(network: string, budget: Budget): TemplateResult {
  const { subject, unit, used, held } = budget;
  if (used === null) {
    return html`<span class="soft">each ${subject === "user" ? "user" : "version"} has its own</span>`;
  }
  const heldText = held === null || held === "0" ? "" : `, ${limitText(network, { unit, limit: held })} held`;
  const text = `${limitText(network, { unit, limit: used })} used${heldText}`;
  return html`<div class="budget-use">
    ${budgetBar(fillOf(budget), `${budgetName(budget)}: ${text} of ${limitText(network, budget)}`)}
    <span class="soft small">${text}</span>
  </div>`;
}

/** Budgets by whom they bound, each with how much of it is gone. */
export const budgetTable = (network: string, budgets: readonly Budget[]): TemplateResult =>
  html`${SUBJECTS.map(([subject, label, meaning]) => {
    const own = inOrder(budgets.filter((budget) => budget.subject === subject));
    return own.length === 0
      ? ""
      : html`<section class="budget-group">
          <h2>${label}</h2>
          <p class="soft small">${meaning}</p>
          ${dataTable<Budget>({
            caption: `Budgets: ${label}`,
            rows: own,
            key: ({ window, unit }) => `${window} ${unit}`,
            columns: [
              { key: "window", header: "In", cell: ({ window }) => html`<b>${windowLabel(window)}</b>` },
              { key: "unit", header: "Of", cell: ({ unit }) => unitLabel(unit) },
              { key: "limit", header: "Limit", isNumber: true, cell: (budget) => limitCell(network, budget) },
              { key: "used", header: "Used", cell: (budget) => usedCell(network, budget) },
              { key: "resets", header: "Begins anew", cell: ({ resetsAt }) => time(resetsAt, "never") },
            ],
          })}
        </section>`;
  })}`;

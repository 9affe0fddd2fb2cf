import { html, type TemplateResult } from "lit";
import type { Overview } from "../../../../bff/src/contract/manage/traffic.ts";
import type { Page } from "../../app/page.ts";
import { panel } from "../../ui/layout.ts";
import { emptyState } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";

const SHOWN = 8;
const whole = new Intl.NumberFormat("en");
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });

/** Why things were not paid for, most first; each leads to the decisions it is about. */
export function refusals(page: Page, all: Overview["refusals"]): TemplateResult {
  const total = all.reduce((sum, { count }) => sum + count, 0);
  return panel({
    title: "Refusals",
    lead: "By code. Each leads to its decisions, and from there to the rule that decided.",
    body: html`${dataTable({
      caption: "Refusals by code",
      rows: all.slice(0, SHOWN),
      key: ({ code }) => code,
      href: ({ code }) => page.projectLink("decisions", { verdict: "refuse", code, network: page.network }),
      columns: [
        { key: "code", header: "Code", cell: ({ code }) => html`<code>${code}</code>` },
        { key: "count", header: "Refused", isNumber: true, cell: ({ count }) => whole.format(count) },
        { key: "share", header: "Share", isNumber: true, cell: ({ count }) => percent.format(count / total) },
      ],
      empty: emptyState({
        icon: "check",
        title: "Nothing was refused",
        body: "Everything that was asked for in this time was within the policy and the budgets.",
      }),
    })}`,
  });
}

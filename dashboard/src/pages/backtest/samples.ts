import { html, type TemplateResult } from "lit";
import type { BacktestResult } from "../../../../bff/src/contract/manage/jobs.ts";
import { badge } from "../../ui/badge.ts";
import { dataTable } from "../../ui/table.ts";

type Sample = BacktestResult["samples"][number];

const outcome = (code: string | null): TemplateResult =>
  code === null ? badge("sponsored", "good") : html`<code>${code}</code>`;

/** Some of the decisions that would be made otherwise, each with the way to its explanation. */
export const sampleTable = (samples: readonly Sample[], link: (decisionId: string) => string): TemplateResult =>
  dataTable<Sample>({
    caption: "Samples",
    rows: samples,
    key: ({ decisionId }) => decisionId,
    href: ({ decisionId }) => link(decisionId),
    columns: [
      { key: "id", header: "Decision", cell: ({ decisionId }) => html`<code>${decisionId}</code>` },
      { key: "before", header: "Then", cell: ({ before }) => outcome(before) },
      { key: "after", header: "With the other policy", cell: ({ after }) => outcome(after) },
    ],
    empty: html`<p class="soft">None: everything would be decided as it was.</p>`,
  });

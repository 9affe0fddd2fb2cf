import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import type { Job } from "../../../../bff/src/contract/manage/jobs.ts";
import { Page } from "../../app/page.ts";
import { time } from "../../format/times.ts";
import { stateBadge } from "../../ui/badge.ts";
import { selectField } from "../../ui/field.ts";
import { filterBar, pageHead, panel, progressBar } from "../../ui/layout.ts";
import { createPager } from "../../ui/pager.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { isOpen, KIND_LABELS, sayProgress, traceOf } from "./job-words.ts";
import { Poll } from "./poll.ts";
import "./job-tools.ts";
import "./jobs.css";

type State = Job["state"];
const STATES: readonly (readonly [State, string])[] = [
  ["queued", "Queued"],
  ["running", "Running"],
  ["succeeded", "Succeeded"],
  ["failed", "Failed"],
  ["dead", "Dead letters"],
  ["discarded", "Discarded"],
];

/** Longer work of the project, live, and what has failed too often. */
export class JobsPageElement extends Page {
  readonly #pager = createPager(this);

  readonly #jobs = new Task(this, {
    args: () => [this.project.id, this.#state, this.#kind, this.#pager.cursor] as const,
    task: ([projectId, state, kind, cursor], { signal }) =>
      this.app.api.call("listJobs", { params: { projectId }, query: { state, kind, cursor }, signal }),
    onComplete: () => this.#poll.start(),
  });

  readonly #poll = new Poll(this, {
    look: async () => {
      const before = this.#jobs.value?.data ?? [];
      if (!before.some(isOpen)) return "over";
      await this.#jobs.run();
      return traceOf(before) === traceOf(this.#jobs.value?.data ?? []) ? "quiet" : "moved";
    },
  });

  get #state(): State | undefined {
    return STATES.find(([state]) => state === this.query.get("state"))?.[0];
  }

  get #kind(): Job["kind"] | undefined {
    const kind = this.query.get("kind");
    return kind === "import" || kind === "backtest" ? kind : undefined;
  }

  #filter(changes: Readonly<Record<string, string>>): void {
    this.#pager.reset();
    this.setQuery(changes);
  }

  protected override render(): TemplateResult {
    return html`${pageHead({
      title: "Jobs",
      lead: "Imports and backtests, done in parts beside relays. A dead letter is one that failed too often.",
    })}
    ${panel({
      body: html`${filterBar({
        fields: html`${selectField<State | "">({
          name: "state",
          label: "State",
          value: this.#state ?? "",
          options: [{ value: "", label: "Every state" }, ...STATES.map(([value, label]) => ({ value, label }))],
          onChange: (state) => this.#filter({ state }),
        })}
        ${selectField<Job["kind"] | "">({
          name: "kind",
          label: "Kind",
          value: this.#kind ?? "",
          options: [
            { value: "", label: "Every kind" },
            { value: "import", label: "Imports" },
            { value: "backtest", label: "Backtests" },
          ],
          onChange: (kind) => this.#filter({ kind }),
        })}`,
        isFiltered: this.#state !== undefined || this.#kind !== undefined,
        onReset: () => this.#filter({ state: "", kind: "" }),
      })}
      ${loaded(this.#jobs, ({ data, nextCursor }) => html`${this.#table(data)}${this.#pager.view(nextCursor)}`)}`,
    })}`;
  }

  #link({ id, kind }: Job): string {
    return this.projectLink(`${kind === "backtest" ? "backtests" : "jobs"}/${id}`);
  }

  #table(jobs: readonly Job[]): TemplateResult {
    return dataTable<Job>({
      caption: "Jobs",
      rows: jobs,
      key: ({ id }) => id,
      href: (job) => this.#link(job),
      columns: [
        { key: "label", header: "Job", cell: ({ label }) => label },
        { key: "kind", header: "Kind", cell: ({ kind }) => KIND_LABELS[kind] },
        { key: "network", header: "Network", cell: ({ network }) => network },
        {
          key: "state",
          header: "State",
          cell: (job) =>
            html`<span class="job-state">
              ${stateBadge(job.state)}
              ${isOpen(job) && job.total > 0 ? progressBar(sayProgress(job), job.done, job.total) : nothing}
              ${job.error ? html`<small>${job.error.detail}</small>` : nothing}
            </span>`,
        },
        { key: "begun", header: "Begun", cell: ({ createdAt }) => time(createdAt) },
        {
          key: "tools",
          header: "Actions",
          isHeaderHidden: true,
          cell: (job) => html`<job-tools .job=${job} @job-touched=${() => this.#jobs.run()}></job-tools>`,
        },
      ],
      empty: emptyState({
        icon: "jobs",
        title: this.#state === "dead" ? "No dead letters" : "No jobs",
        body: "Importing a CSV of addresses and backtesting a draft are done as jobs, and are found here.",
      }),
    });
  }
}

customElements.define("jobs-page", JobsPageElement);

import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import type { Job } from "../../../../bff/src/contract/manage/jobs.ts";
import { Page } from "../../app/page.ts";
import { dateTime, time } from "../../format/times.ts";
import { stateBadge } from "../../ui/badge.ts";
import { linkButton } from "../../ui/button.ts";
import { facts, pageHead, panel, progressBar } from "../../ui/layout.ts";
import { loaded } from "../../ui/states.ts";
import { jobError } from "./job-error.ts";
import { isOpen, KIND_LABELS, sayProgress, traceOf } from "./job-words.ts";
import { Poll } from "./poll.ts";
import "./job-tools.ts";
import "./jobs.css";

/** One job, live. */
export class JobPageElement extends Page {
  readonly #job = new Task(this, {
    args: () => [this.project.id, this.params["job"] ?? ""] as const,
    task: ([projectId, jobId], { signal }) => this.app.api.call("readJob", { params: { projectId, jobId }, signal }),
    onComplete: () => this.#poll.start(),
  });

  readonly #poll = new Poll(this, {
    look: async () => {
      const before = this.#job.value;
      if (before && !isOpen(before)) return "over";
      await this.#job.run();
      const after = this.#job.value;
      return before && after && traceOf([before]) !== traceOf([after]) ? "moved" : "quiet";
    },
  });

  protected override render(): TemplateResult {
    return html`${pageHead({ title: "Job", back: { href: this.projectLink("jobs"), label: "Jobs" } })}
    ${loaded(this.#job, (job) => html`<div class="job">${this.#view(job)}</div>`)}`;
  }

  #view(job: Job): TemplateResult {
    const { label, kind, network, state, done, total, attempts, createdAt, endedAt, id } = job;
    return html`${panel({
      title: label,
      actions: html`<job-tools .job=${job} @job-touched=${() => this.#job.run()}></job-tools>`,
      body: html`${
        isOpen(job) || state === "dead"
          ? html`<div role="status">${progressBar(sayProgress(job), done, total)}</div>`
          : nothing
      }
      ${facts([
        ["State", stateBadge(state)],
        ["Kind", KIND_LABELS[kind]],
        ["Network", network],
        ["Begun", dateTime(createdAt)],
        ["Ended", endedAt === null ? html`<span class="soft">not yet</span>` : dateTime(endedAt)],
        ["Attempts", String(attempts)],
        ["Last change", time(job.updatedAt)],
      ])}
      ${jobError(job)}`,
    })}
    ${this.#result(job, id)}`;
  }

  #result({ result, kind }: Job, id: string): TemplateResult | typeof nothing {
    if (kind === "backtest") {
      return linkButton({ label: "See the backtest", kind: "primary", href: this.projectLink(`backtests/${id}`) });
    }
    if (result?.kind !== "import") return nothing;
    return panel({
      title: "What came of it",
      body: facts([
        ["Added", String(result.added)],
        ["Changed", String(result.changed)],
        ["Removed", String(result.removed)],
      ]),
    });
  }
}

customElements.define("job-page", JobPageElement);

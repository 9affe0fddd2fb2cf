import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import type { BacktestResult, Job } from "../../../../bff/src/contract/manage/jobs.ts";
import { Page } from "../../app/page.ts";
import { amount, formatAmount } from "../../format/amounts.ts";
import { dateTime } from "../../format/times.ts";
import { stateBadge } from "../../ui/badge.ts";
import { facts, pageHead, panel, progressBar } from "../../ui/layout.ts";
import { loaded } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { jobError } from "../jobs/job-error.ts";
import { isOpen, sayProgress, traceOf } from "../jobs/job-words.ts";
import { Poll } from "../jobs/poll.ts";
import { costChange, outcomesOf, sayResult } from "./outcome-words.ts";
import { sampleTable } from "./samples.ts";
import "../jobs/job-tools.ts";
import "../jobs/jobs.css";

/** One backtest: how far it is, then what would change. */
export class BacktestPageElement extends Page {
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
    return html`${pageHead({
      title: "Backtest",
      back: { href: this.projectLink("backtests"), label: "Backtests" },
    })}
    ${loaded(this.#job, (job) => html`<div class="backtest">${this.#view(job)}</div>`)}`;
  }

  #view(job: Job): TemplateResult {
    const { label, state, network, createdAt, endedAt, done, total, result } = job;
    return html`${panel({
      title: label,
      actions: html`<job-tools .job=${job} @job-touched=${() => this.#job.run()}></job-tools>`,
      body: html`<div role="status">
          ${
            isOpen(job)
              ? progressBar(`${sayProgress(job)} decisions`, done, total)
              : result?.kind === "backtest"
                ? html`<p>${sayResult(result)}</p>`
                : nothing
          }
        </div>
        ${facts([
          ["State", stateBadge(state)],
          ["Network", network],
          ["Begun", dateTime(createdAt)],
          ["Ended", endedAt === null ? html`<span class="soft">not yet</span>` : dateTime(endedAt)],
        ])}
        ${jobError(job)}`,
    })}
    ${result?.kind === "backtest" && result.decisions > 0 ? this.#result(result, network) : nothing}`;
  }

  #result(result: BacktestResult, network: string): TemplateResult {
    const change = costChange(result);
    const bill =
      change === 0n
        ? "It would have cost the same."
        : `It would have cost ${formatAmount(network, change < 0n ? -change : change)} ${change < 0n ? "less" : "more"} in ${result.days} days, at what was quoted.`;
    return html`${panel({
      title: "What would change",
      lead: bill,
      body: html`${dataTable({
        caption: "Outcomes",
        rows: outcomesOf(result),
        key: ({ name }) => name,
        columns: [
          {
            key: "label",
            header: "Outcome",
            cell: ({ label, hint }) => html`<span class="outcome">${label}<small class="soft">${hint}</small></span>`,
          },
          { key: "count", header: "Decisions", isNumber: true, cell: ({ count }) => String(count) },
          { key: "fee", header: "Fee", isNumber: true, cell: ({ fee }) => amount(network, fee) },
          { key: "rent", header: "Rent", isNumber: true, cell: ({ rent }) => amount(network, rent) },
        ],
      })}
      ${
        result.unreadable > 0
          ? html`<p class="note">
              ${result.unreadable === 1 ? "One decision" : `${result.unreadable} decisions`} could not be read any more:
              not counted.
            </p>`
          : nothing
      }`,
    })}
    ${result.codes.length === 0 ? nothing : this.#codes(result)}
    ${panel({
      title: "Samples",
      lead: "Decisions that would be made otherwise, at most 50. Each is explained by what is in force now.",
      body: sampleTable(result.samples, (decision) => this.projectLink("explain", { decision, network })),
    })}`;
  }

  #codes({ codes }: BacktestResult): TemplateResult {
    return panel({
      title: "Refusals by code",
      body: dataTable({
        caption: "Refusals by code",
        rows: codes,
        key: ({ code }) => code,
        columns: [
          { key: "code", header: "Code", cell: ({ code }) => html`<code>${code}</code>` },
          { key: "before", header: "Then", isNumber: true, cell: ({ before }) => String(before) },
          { key: "after", header: "With the other policy", isNumber: true, cell: ({ after }) => String(after) },
        ],
      }),
    });
  }
}

customElements.define("backtest-page", BacktestPageElement);

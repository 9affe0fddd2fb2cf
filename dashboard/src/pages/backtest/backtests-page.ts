import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import type { Job } from "../../../../bff/src/contract/manage/jobs.ts";
import { Page } from "../../app/page.ts";
import { time } from "../../format/times.ts";
import { stateBadge } from "../../ui/badge.ts";
import { choiceField, selectField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { pageHead, panel, progressBar } from "../../ui/layout.ts";
import { networkPicker, noNetwork } from "../../ui/network-picker.ts";
import { createPager } from "../../ui/pager.ts";
import { emptyState, loaded, skeleton } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { isOpen, sayProgress, traceOf } from "../jobs/job-words.ts";
import { Poll } from "../jobs/poll.ts";
import { sayResult } from "./outcome-words.ts";
import "../jobs/jobs.css";

/** A draft or an earlier version, as the select names it. */
type Source = `draft:${string}` | `version:${string}` | "";

/** Starts backtests and lists those that there were. */
export class BacktestsPageElement extends Page {
  readonly #pager = createPager(this);

  readonly #sources = new Task(this, {
    args: () => [this.project.id, this.network] as const,
    task: async ([projectId, network], { signal }) => {
      if (network === undefined) return { network, drafts: [], versions: [] };
      const params = { projectId, network };
      const [drafts, versions] = await Promise.all([
        this.app.api.call("listDrafts", { params, query: { limit: "50" }, signal }),
        this.app.api.call("listPolicies", { params, query: { limit: "20" }, signal }),
      ]);
      return { network, drafts: drafts.data, versions: versions.data.filter(({ isInForce }) => !isInForce) };
    },
    onComplete: ({ drafts, versions }) => {
      const asked = this.query.get("draft");
      const draft = drafts.find(({ id }) => id === asked) ?? drafts[0];
      const version = versions[0];
      const source: Source = draft ? `draft:${draft.id}` : version ? `version:${version.version}` : "";
      this.#form.reset({ source, days: "7" });
    },
  });

  readonly #history = new Task(this, {
    args: () => [this.project.id, this.#pager.cursor] as const,
    task: ([projectId, cursor], { signal }) =>
      this.app.api.call("listJobs", { params: { projectId }, query: { kind: "backtest", cursor }, signal }),
    onComplete: () => this.#poll.start(),
  });

  readonly #poll = new Poll(this, {
    look: async () => {
      const before = this.#history.value?.data ?? [];
      if (!before.some(isOpen)) return "over";
      await this.#history.run();
      return traceOf(before) === traceOf(this.#history.value?.data ?? []) ? "quiet" : "moved";
    },
  });

  readonly #form = createForm<{ source: Source; days: "7" | "30" }, Job>(this, {
    initial: { source: "", days: "7" },
    check: ({ source }) => (source === "" ? { source: "Choose what is held against the decisions." } : {}),
    submit: async ({ source, days }) => {
      const network = this.network ?? "";
      const projectId = this.project.id;
      const [kind, id = ""] = source.split(":");
      const asked =
        kind === "draft"
          ? { draftId: id }
          : {
              document: (await this.app.api.call("readPolicy", { params: { projectId, network, version: id } }))
                .document,
            };
      const body = { network, days: days === "7" ? (7 as const) : (30 as const), ...asked };
      return this.app.api.call("startBacktest", { params: { projectId }, body });
    },
    onDone: ({ id }) => this.app.navigate(this.projectLink(`backtests/${id}`)),
  });

  protected override render(): TemplateResult {
    return html`${pageHead({
      title: "Backtests",
      lead: "Holds another policy against the decisions that were made: what would change, and what it would cost.",
      actions: networkPicker(this),
    })}
    ${
      this.network === undefined
        ? noNetwork(this)
        : panel({
            title: "Start one",
            body: html`${loaded(this.#sources, (sources) => (sources.network === this.network ? this.#start(sources) : skeleton()))}`,
          })
    }
    ${panel({
      title: "Earlier ones",
      body: html`${loaded(this.#history, ({ data, nextCursor }) => html`${this.#table(data)}${this.#pager.view(nextCursor)}`)}`,
    })}`;
  }

  #start({
    drafts,
    versions,
  }: {
    readonly drafts: readonly { readonly id: string; readonly name: string }[];
    readonly versions: readonly { readonly version: number }[];
  }): TemplateResult {
    if (drafts.length + versions.length === 0) {
      return emptyState({
        icon: "backtest",
        title: "There is nothing to hold against what is in force",
        body: html`Begin
          <a href=${this.projectLink("policy", { network: this.network })}>a draft of the policy</a> first.`,
      });
    }
    return this.#form.view({
      action: "Start the backtest",
      blocked: this.blocked("startBacktest"),
      fields: html`${selectField<Source>({
        ...this.#form.choice("source"),
        label: "Which policy",
        options: [
          ...drafts.map(({ id, name }) => ({ value: `draft:${id}` as const, label: `Draft: ${name}` })),
          ...versions.map(({ version }) => ({ value: `version:${version}` as const, label: `Version ${version}` })),
        ],
      })}
      ${choiceField<"7" | "30">({
        ...this.#form.choice("days"),
        label: "Against the decisions of",
        options: [
          { value: "7", label: "The last 7 days" },
          { value: "30", label: "The last 30 days", hint: "As long as decisions are kept." },
        ],
      })}`,
    });
  }

  #table(jobs: readonly Job[]): TemplateResult {
    return dataTable<Job>({
      caption: "Backtests",
      rows: jobs,
      key: ({ id }) => id,
      href: ({ id }) => this.projectLink(`backtests/${id}`),
      columns: [
        { key: "label", header: "Backtest", cell: ({ label }) => label },
        { key: "network", header: "Network", cell: ({ network }) => network },
        {
          key: "state",
          header: "State",
          cell: (job) =>
            html`<span class="job-state">
              ${stateBadge(job.state)} ${isOpen(job) ? progressBar(sayProgress(job), job.done, job.total) : nothing}
            </span>`,
        },
        {
          key: "result",
          header: "Result",
          cell: ({ result }) => (result?.kind === "backtest" ? sayResult(result) : nothing),
        },
        { key: "begun", header: "Begun", cell: ({ createdAt }) => time(createdAt) },
      ],
      empty: html`<p class="soft">There were none.</p>`,
    });
  }
}

customElements.define("backtests-page", BacktestsPageElement);

import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import type { Overview } from "../../../../bff/src/contract/manage/traffic.ts";
import { Page } from "../../app/page.ts";
import { environmentBadge } from "../../ui/badge.ts";
import { filterBar, pageHead } from "../../ui/layout.ts";
import { selectField } from "../../ui/field.ts";
import { networkPicker } from "../../ui/network-picker.ts";
import { loaded, skeleton } from "../../ui/states.ts";
import { figures } from "./figures.ts";
import { refusals } from "./refusals.ts";
import { spendChart, trafficChart } from "./charts.ts";
import "./getting-started.ts";
import "./runway-panel.ts";
import "./overview-page.css";

const RANGES = [
  { value: "1", label: "Last 24 hours" },
  { value: "7", label: "Last 7 days" },
  { value: "30", label: "Last 30 days" },
] as const;
type Days = (typeof RANGES)[number]["value"];

const hasTraffic = ({ networks }: Overview): boolean => networks.some(({ relays, refused }) => relays + refused > 0);

/** How a project is doing: what was paid for, what was not, how fast it landed, and how long the money lasts. */
export class OverviewPageElement extends Page {
  readonly #overview = new Task(this, {
    args: () => [this.project.id, this.#days, this.network] as const,
    task: ([projectId, days, network], { signal }) =>
      this.app.api.call("readOverview", { params: { projectId }, query: { days, network }, signal }),
  });

  get #days(): Days {
    const asked = this.query.get("days");
    return RANGES.find(({ value }) => value === asked)?.value ?? "7";
  }

  protected override render(): TemplateResult {
    const { name, environment } = this.project;
    return html`${pageHead({
      title: html`${name} ${environmentBadge(environment)}`,
      actions: filterBar({
        fields: [
          networkPicker(this),
          selectField<Days>({
            name: "days",
            label: "Time",
            value: this.#days,
            options: RANGES,
            onChange: (days) => this.setQuery({ days }),
          }),
        ],
        isFiltered: false,
        onReset: () => undefined,
      }),
    })}
    ${loaded(this.#overview, (overview) => this.#view(overview), skeleton(10))}`;
  }

  #view(overview: Overview): TemplateResult {
    const { project, network } = this;
    const here = overview.networks.find((entry) => entry.network === network) ?? overview.networks[0];
    if (!here || !hasTraffic(overview)) {
      return html`<getting-started></getting-started> <runway-panel .projectId=${project.id}></runway-panel>`;
    }
    const isHourly = this.#days === "1";
    return html`${figures(this, here, overview.users)}
      <div class="halves">${trafficChart(here, isHourly)} ${spendChart(here, isHourly)}</div>
      <div class="halves">
        ${refusals(this, overview.refusals)}
        <runway-panel .projectId=${project.id}></runway-panel>
      </div>`;
  }
}

customElements.define("overview-page", OverviewPageElement);

import { html, type TemplateResult } from "lit";
import type { Overview } from "../../../../bff/src/contract/manage/traffic.ts";
import { unitOf } from "../../format/amounts.ts";
import type { ChartData } from "../../ui/chart.ts";
import { panel } from "../../ui/layout.ts";
import "../../ui/chart.ts";

type OverviewNetwork = Overview["networks"][number];

const whole = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const small = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

/** A column's height may be rounded; the amounts beside it are exact. */
const roughly = (network: string, baseUnits: string): number =>
  Number.parseFloat(baseUnits) / 10 ** unitOf(network).decimals;

const chart = (data: ChartData): TemplateResult => html`<ui-chart .data=${data}></ui-chart>`;

/** What became of what was asked for, over time. */
export const trafficChart = ({ network, series }: OverviewNetwork, isHourly: boolean): TemplateResult =>
  panel({
    title: "Traffic",
    body: chart({
      label: `Relays and refusals on ${network} over time`,
      times: series.map(({ at }) => new Date(at)),
      isHourly,
      format: (value) => whole.format(value),
      series: [
        { label: "Landed", tone: "good", values: series.map(({ finalized }) => finalized) },
        { label: "Failed or expired", tone: "bad", values: series.map(({ failed, expired }) => failed + expired) },
        { label: "Refused", tone: "soft", values: series.map(({ refused }) => refused) },
      ],
    }),
  });

/** What was paid, over time. */
export const spendChart = ({ network, series }: OverviewNetwork, isHourly: boolean): TemplateResult =>
  panel({
    title: `Spend in ${unitOf(network).symbol}`,
    body: chart({
      label: `Fees and rent on ${network} over time, in ${unitOf(network).symbol}`,
      times: series.map(({ at }) => new Date(at)),
      isHourly,
      format: (value) => small.format(value),
      series: [
        { label: "Fees", tone: "accent", values: series.map(({ fee }) => roughly(network, fee)) },
        { label: "Rent", tone: "warn", values: series.map(({ rent }) => roughly(network, rent)) },
      ],
    }),
  });

import { html, nothing, type TemplateResult } from "lit";
import type { Overview } from "../../../../bff/src/contract/manage/traffic.ts";
import type { Page } from "../../app/page.ts";
import { amount } from "../../format/amounts.ts";

type OverviewNetwork = Overview["networks"][number];

const whole = new Intl.NumberFormat("en");
const percent = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const seconds = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** The longest time that is counted apart: the API says more of what took longer, but not how much. */
const LONGEST_SECONDS = 64;

interface Figure {
  readonly name: string;
  readonly value: TemplateResult | string;
  readonly note: TemplateResult | string | typeof nothing;
}

const figure = ({ name, value, note }: Figure): TemplateResult =>
  html`<div class="figure">
    <dt>${name}</dt>
    <dd>${value}<small>${note}</small></dd>
  </div>`;

/** Half of all relays had landed by then, and nineteen of twenty: they are counted by how long at most it took. */
function latency({ confirmSeconds }: OverviewNetwork): Figure {
  if (confirmSeconds === null) return { name: "Time to land", value: "–", note: "nothing has landed yet" };
  const { p50, p95 } = confirmSeconds;
  const slow =
    p95 > LONGEST_SECONDS ? `1 of 20 took over ${LONGEST_SECONDS} s` : `95 of 100 within ${seconds.format(p95)} s`;
  return {
    name: "Time to land",
    value: p50 > LONGEST_SECONDS ? `> ${LONGEST_SECONDS} s` : `≤ ${seconds.format(p50)} s`,
    note: `half of them, from signed to final; ${slow}`,
  };
}

/** What matters in numbers, each with what it is made of. */
export function figures(page: Page, network: OverviewNetwork, users: Overview["users"]): TemplateResult {
  const { relays, finalized, failed, expired, open, refused, fee, rent, landRate } = network;
  const spent = (BigInt(fee) + BigInt(rent)).toString();
  const lost = failed + expired;
  const all: readonly Figure[] = [
    {
      name: "Sponsored",
      value: whole.format(relays),
      note: `${whole.format(finalized)} landed, ${whole.format(open)} on their way`,
    },
    {
      name: "Spent",
      value: amount(network.network, spent),
      note: html`${amount(network.network, fee)} fees, ${amount(network.network, rent)} rent`,
    },
    {
      name: "Landed",
      value: landRate === null ? "–" : percent.format(landRate),
      note:
        lost === 0
          ? "none failed or expired"
          : html`<a
              href=${page.projectLink("relays", { network: network.network, state: failed > 0 ? "failed" : "expired" })}
              >${whole.format(failed)} failed, ${whole.format(expired)} expired</a
            >`,
    },
    latency(network),
    { name: "Users", value: whole.format(users.active), note: `${whole.format(users.created)} new` },
    {
      name: "Refused",
      value: whole.format(refused),
      note: html`<a href=${page.projectLink("decisions", { network: network.network, verdict: "refuse" })}
        >See them</a
      >`,
    },
  ];
  return html`<dl class="figures">${all.map(figure)}</dl>`;
}

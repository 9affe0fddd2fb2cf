import { html, nothing, type TemplateResult } from "lit";
import type { ManagedSponsor } from "../../../../bff/src/contract/manage/projects.ts";
import { amount } from "../../format/amounts.ts";
import { time } from "../../format/times.ts";
import { badge, stateBadge } from "../../ui/badge.ts";
import { shortCode } from "../../ui/copy.ts";
import { facts } from "../../ui/layout.ts";
import { runwayOf } from "./runway.ts";

/** A sponsor with what it has, what it needs, and what can be done with it. */
export function sponsorCard(sponsor: ManagedSponsor, tools: TemplateResult): TemplateResult {
  const { network, address, state, balance, balanceFloor, spentPerDay, observedAt } = sponsor;
  const runway = runwayOf(sponsor);
  return html`<article class="sponsor" aria-label=${`Sponsor ${address}`}>
    <header>
      ${shortCode(address, "the sponsor's address", 10)} ${stateBadge(state)}
      <div class="actions">${tools}</div>
    </header>
    ${facts([
      ["Runway", badge(runway.text, runway.tone)],
      ["Balance", amount(network, balance)],
      ["Floor", amount(network, balanceFloor)],
      ["Spent a day", amount(network, spentPerDay)],
      ["Looked at", time(observedAt)],
    ])}
    ${runway.advice === undefined ? nothing : html`<p class="note warn">${runway.advice}</p>`}
  </article>`;
}

import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import type { ManagedSponsor } from "../../../../bff/src/contract/manage/projects.ts";
import { AppElement } from "../../app/element.ts";
import { amount } from "../../format/amounts.ts";
import { badge, stateBadge } from "../../ui/badge.ts";
import { shortCode } from "../../ui/copy.ts";
import { panel } from "../../ui/layout.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { type Column, dataTable } from "../../ui/table.ts";
import { runwayBadge } from "../sponsors/runway-badge.ts";

const COLUMNS: readonly Column<ManagedSponsor>[] = [
  { key: "address", header: "Address", cell: ({ address }) => shortCode(address, "the address") },
  { key: "network", header: "Network", cell: ({ network }) => network },
  {
    key: "state",
    header: "State",
    cell: ({ state, canSign }) => (canSign ? stateBadge(state) : badge("no key here", "warn")),
  },
  { key: "balance", header: "Balance", isNumber: true, cell: ({ network, balance }) => amount(network, balance) },
  {
    key: "spent",
    header: "Spent a day",
    isNumber: true,
    cell: ({ network, spentPerDay }) => amount(network, spentPerDay),
  },
  { key: "runway", header: "Lasts", isNumber: true, cell: runwayBadge },
];

/** What an organization has to pay with, on every network. */
export class OrganizationSponsorsElement extends AppElement {
  static override properties = { organizationId: { attribute: false } };
  declare organizationId: string;

  readonly #sponsors = new Task(this, {
    args: () => [this.organizationId] as const,
    task: ([organizationId], { signal }) =>
      this.app.api.call("listOrganizationSponsors", { params: { organizationId }, signal }),
  });

  protected override render(): TemplateResult {
    return html`${panel({
      title: "Sponsors",
      lead: "Who pays. Each project's page says which of them pay for it.",
      body: loaded(this.#sponsors, ({ data }) =>
        dataTable({
          caption: "Sponsors of the organization",
          columns: COLUMNS,
          rows: data,
          key: ({ id }) => id,
          empty: emptyState({
            icon: "sponsor",
            title: "No sponsor yet",
            body: html`Whoever runs this deployment makes one, and gives it to the organization, with
              <code>npm run sponsors</code>. Its key never passes through here.`,
          }),
        }),
      ),
    })}`;
  }
}

customElements.define("organization-sponsors", OrganizationSponsorsElement);

import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import { AppElement } from "../../app/element.ts";
import { projectLink } from "../../app/router.ts";
import { amount } from "../../format/amounts.ts";
import { linkButton } from "../../ui/button.ts";
import { shorten } from "../../ui/copy.ts";
import { icon } from "../../ui/icons.ts";
import { panel } from "../../ui/layout.ts";
import { emptyState, loaded, skeleton } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { runwayBadge } from "../sponsors/runway-badge.ts";
import { runwayOf } from "../sponsors/runway.ts";

/** How long each sponsor of the project can go on paying. */
export class RunwayPanelElement extends AppElement {
  static override properties = { projectId: { attribute: false } };
  declare projectId: string;

  readonly #sponsors = new Task(this, {
    args: () => [this.projectId] as const,
    task: async ([projectId], { signal }) => {
      const { data } = await this.app.api.call("listSponsors", { params: { projectId }, signal });
      return data.filter(({ isMember }) => isMember);
    },
  });

  protected override render(): TemplateResult {
    const href = projectLink(this.projectId, "sponsors");
    return panel({
      title: "Sponsors",
      lead: "What is above each one's floor, at the pace of the last seven days.",
      body: loaded(
        this.#sponsors,
        (sponsors) => html`
          ${
            sponsors.some((sponsor) => runwayOf(sponsor).advice !== undefined)
              ? html`<p class="note warn runs-out">
                  ${icon("alert")}<span>A sponsor cannot pay for long. Fund it, or rotate to another.</span>
                </p>`
              : nothing
          }
          ${dataTable({
            caption: "Sponsors of the project",
            rows: sponsors,
            key: ({ id }) => id,
            columns: [
              {
                key: "address",
                header: "Address",
                cell: ({ address }) =>
                  html`<span class="short-code"><code title=${address}>${shorten(address)}</code></span>`,
              },
              { key: "network", header: "Network", cell: ({ network }) => network },
              {
                key: "balance",
                header: "Balance",
                isNumber: true,
                cell: ({ network, balance }) => amount(network, balance),
              },
              { key: "runway", header: "Lasts", isNumber: true, cell: runwayBadge },
            ],
            href: () => href,
            empty: emptyState({
              icon: "sponsor",
              title: "Nobody pays for this project yet",
              body: "A sponsor is the funded address that pays fees for your users.",
              action: linkButton({ label: "Choose sponsors", href }),
            }),
          })}
        `,
        skeleton(3),
      ),
    });
  }
}

customElements.define("runway-panel", RunwayPanelElement);

import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import type { ManagedSponsor } from "../../../../bff/src/contract/manage/projects.ts";
import { Page } from "../../app/page.ts";
import { curlOf } from "../../format/curl.ts";
import { button } from "../../ui/button.ts";
import { confirm } from "../../ui/confirm.ts";
import { shorten } from "../../ui/copy.ts";
import { pageHead, panel } from "../../ui/layout.ts";
import { noNetwork } from "../../ui/network-picker.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { toast, toastError } from "../../ui/toast.ts";
import { copyCurlButton } from "../decisions/copy-curl.ts";
import { successorsOf, whyNotPay } from "./runway.ts";
import { sponsorCard } from "./sponsor-card.ts";
import "./rotate-dialog.ts";
import "./sponsors.css";

export class SponsorsPageElement extends Page {
  static override properties = { rotating: { state: true } };
  declare private rotating: ManagedSponsor | undefined;

  readonly #sponsors = new Task(this, {
    args: () => [this.project.id] as const,
    task: ([projectId], { signal }) => this.app.api.call("listSponsors", { params: { projectId }, signal }),
  });

  protected override render(): TemplateResult {
    const params = { projectId: this.project.id };
    return html`
      ${pageHead({
        title: "Sponsors",
        lead: "Who pays. A network can have several: each new transaction takes one of those that have more than their floor.",
        actions: copyCurlButton(curlOf(location.origin, "listSponsors", { params })),
      })}
      ${
        this.project.networks.length === 0
          ? noNetwork(this)
          : loaded(
              this.#sponsors,
              ({ data }) =>
                html`<div class="stack">${this.project.networks.map((network) => this.#network(network, data))}</div>`,
            )
      }
      <rotate-dialog
        .rotating=${this.rotating}
        .sponsors=${this.#sponsors.value?.data ?? []}
        @sponsor-rotated=${() => void this.#sponsors.run()}
        @rotate-closed=${() => (this.rotating = undefined)}
      ></rotate-dialog>
    `;
  }

  #network(network: string, all: readonly ManagedSponsor[]): TemplateResult {
    const own = all.filter((each) => each.network === network);
    const pool = own.filter(({ isMember }) => isMember);
    const others = own.filter(({ isMember }) => !isMember);
    const cards = (sponsors: readonly ManagedSponsor[]) =>
      html`<ul class="sponsors">
        ${sponsors.map((sponsor) => html`<li>${sponsorCard(sponsor, this.#tools(sponsor, own))}</li>`)}
      </ul>`;
    return panel({
      title: network,
      body: html`
        ${
          pool.length > 0
            ? cards(pool)
            : emptyState({
                icon: "sponsor",
                title: "Nobody pays here",
                body:
                  others.length > 0
                    ? "Nothing is sponsored on this network until you let one of the sponsors below pay."
                    : "The organization has no sponsor on this network. Whoever runs the deployment makes one.",
              })
        }
        ${
          others.length > 0
            ? html`<h3>The organization's others</h3>
                ${cards(others)}`
            : nothing
        }
      `,
    });
  }

  #tools(sponsor: ManagedSponsor, all: readonly ManagedSponsor[]): TemplateResult {
    const { isMember, address } = sponsor;
    if (!isMember) {
      return button({
        label: "Let it pay",
        about: `: ${address}`,
        blocked: this.blocked("addSponsor") ?? whyNotPay(sponsor),
        onClick: () => this.#add(sponsor),
      });
    }
    return html`${button({
      label: "Rotate",
      about: address,
      icon: "swap",
      blocked:
        this.blocked("rotateSponsor") ??
        (successorsOf(sponsor, all).length === 0 ? "No other sponsor of this network could take over." : undefined),
      onClick: () => (this.rotating = sponsor),
    })}
    ${button({
      label: "Drain",
      about: address,
      kind: "plain",
      blocked:
        this.blocked("drainSponsor") ??
        (sponsor.state === "active" ? undefined : `This sponsor is ${sponsor.state}: it pays for nothing new.`),
      onClick: () => this.#drain(sponsor, all),
    })}`;
  }

  async #add({ id, address, network }: ManagedSponsor): Promise<void> {
    const isSure = await confirm({
      heading: "Let this sponsor pay?",
      body: `Transactions of this project on ${network} are paid by ${shorten(address, 6)} too, from the next one on, as far as policy and budgets go.`,
      action: "Let it pay",
    });
    if (isSure) {
      await this.#change("addSponsor", id, `${shorten(address, 6)} pays from now on.`);
    }
  }

  async #drain(sponsor: ManagedSponsor, all: readonly ManagedSponsor[]): Promise<void> {
    const { id, address, network } = sponsor;
    const isLast = !all.some(({ id: other, isMember, state }) => other !== id && isMember && state === "active");
    const isSure = await confirm({
      heading: "Drain this sponsor?",
      body: html`<p>
          It is offered for nothing new. What was prepared with it is accepted for five minutes, and what is on its way
          ends as it would.
        </p>
        ${
          isLast
            ? html`<p><b>It is the last one that pays on ${network}: nothing more is sponsored there.</b></p>`
            : nothing
        }`,
      action: "Drain it",
      isDangerous: true,
      ...(isLast && { word: "drain" }),
    });
    if (isSure) await this.#change("drainSponsor", id, `${shorten(address, 6)} pays for nothing new.`);
  }

  async #change(operation: "addSponsor" | "drainSponsor", sponsorId: string, done: string): Promise<void> {
    try {
      await this.app.api.call(operation, { params: { projectId: this.project.id, sponsorId } });
      toast(done);
    } catch (thrown) {
      toastError(thrown);
    }
    await this.#sponsors.run();
  }
}

customElements.define("sponsors-page", SponsorsPageElement);

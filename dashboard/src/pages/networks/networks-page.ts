import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import type { ManagedNetwork } from "../../../../bff/src/contract/manage/projects.ts";
import { Page } from "../../app/page.ts";
import { badge } from "../../ui/badge.ts";
import { button } from "../../ui/button.ts";
import { confirm } from "../../ui/confirm.ts";
import { selectField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { pageHead, panel } from "../../ui/layout.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { toast, toastError } from "../../ui/toast.ts";
import "./explorer-dialog.ts";

export class NetworksPageElement extends Page {
  static override properties = { changing: { state: true } };
  declare private changing: ManagedNetwork | undefined;

  readonly #networks = new Task(this, {
    args: () => [this.project.id] as const,
    task: ([projectId], { signal }) => this.app.api.call("listNetworks", { params: { projectId }, signal }),
  });
  readonly #form = createForm<{ readonly network: string }, ManagedNetwork>(this, {
    initial: { network: "" },
    check: ({ network }) => (network === "" ? { network: "Choose one." } : {}),
    submit: ({ network }) =>
      this.app.api.call("putNetwork", { params: { projectId: this.project.id, network }, body: {} }),
    onDone: async ({ network }) => {
      toast(`${network} is there. It sponsors nothing until a policy is published.`);
      this.#form.reset({ network: "" });
      await this.#reload();
    },
  });

  async #reload(): Promise<void> {
    // The project names its networks too, and every page reads them there.
    await Promise.all([this.#networks.run(), this.app.refresh()]);
  }

  protected override render(): TemplateResult {
    return html`
      ${pageHead({
        title: "Networks",
        lead: "Where this project sponsors. Each network has a policy, lists, budgets and sponsors of its own. The first is the default of pages that name none.",
      })}
      ${loaded(
        this.#networks,
        ({ data, available }) => html`
          <div class="stack">
            ${panel({ body: this.#list(data) })} ${panel({ title: "Add a network", body: this.#adding(available) })}
          </div>
        `,
      )}
      <explorer-dialog
        .changing=${this.changing}
        @network-changed=${() => void this.#networks.run()}
        @explorer-closed=${() => (this.changing = undefined)}
      ></explorer-dialog>
    `;
  }

  #list(networks: readonly ManagedNetwork[]): TemplateResult {
    return dataTable<ManagedNetwork>({
      caption: "Networks of the project",
      rows: networks,
      key: ({ network }) => network,
      columns: [
        {
          key: "network",
          header: "Network",
          cell: ({ network, isServed }) =>
            html`<b>${network}</b> ${
                networks.length > 1 && network === networks[0]?.network ? badge("default", "info") : nothing
              }
              ${isServed ? nothing : badge("not served here", "bad")}`,
        },
        { key: "policy", header: "Policy", cell: (each) => this.#policy(each) },
        { key: "who", header: "Who is sponsored", cell: (each) => this.#who(each) },
        {
          key: "sponsors",
          header: "Sponsors",
          cell: ({ sponsors }) =>
            sponsors === 0
              ? html`<a href=${this.projectLink("sponsors")}>none yet</a>`
              : html`<a href=${this.projectLink("sponsors")}>${sponsors}</a>`,
        },
        {
          key: "explorer",
          header: "Explorer",
          cell: ({ explorer }) =>
            explorer === null ? html`<span class="soft">none</span>` : html`<code>${explorer}</code>`,
        },
        { key: "tools", header: "Change", isHeaderHidden: true, cell: (each) => this.#tools(each) },
      ],
      empty: emptyState({
        icon: "network",
        title: "This project has no network yet",
        body: "Add one below: nothing can be sponsored before.",
      }),
    });
  }

  #policy({ network, policyVersion }: ManagedNetwork): TemplateResult {
    return policyVersion === null
      ? html`<a href=${this.projectLink("policy", { network })}>none: publish one</a>`
      : html`<a href=${this.projectLink("policy", { network })}>Version ${policyVersion}</a>`;
  }

  #who({ network, allowlistOnly }: ManagedNetwork): TemplateResult {
    return html`<a href=${this.projectLink("allowlist", { network })}
      >${allowlistOnly ? "the allowlist" : "everybody"}</a
    >`;
  }

  #tools(each: ManagedNetwork): TemplateResult {
    return html`${button({
      label: "Change explorer",
      about: `of ${each.network}`,
      icon: "edit",
      kind: "plain",
      blocked: this.blocked("putNetwork"),
      onClick: () => (this.changing = each),
    })}
    ${button({
      label: "Remove",
      about: each.network,
      icon: "trash",
      isIconOnly: true,
      kind: "plain",
      blocked: this.blocked("removeNetwork"),
      onClick: () => this.#remove(each),
    })}`;
  }

  #adding(available: readonly string[]): TemplateResult {
    if (available.length === 0) {
      return html`<p class="soft">
        The project has every network that this deployment serves
        ${this.project.environment === "test" ? "to test projects: they never have a mainnet." : "."}
      </p>`;
    }
    return this.#form.view({
      action: "Add the network",
      blocked: this.blocked("putNetwork"),
      fields: [
        selectField<string>({
          ...this.#form.choice("network"),
          label: "Network",
          hint: "The organization's active sponsors of it become the project's pool. Until a policy is published, nothing is sponsored.",
          options: [
            { value: "", label: "Choose one" },
            ...available.map((network) => ({ value: network, label: network })),
          ],
        }),
      ],
    });
  }

  async #remove({ network }: ManagedNetwork): Promise<void> {
    const isSure = await confirm({
      heading: `Remove ${network}?`,
      body: html`<p>
        Nothing is sponsored there any more, and nobody signs in with a wallet of it. Policies, lists, decisions and
        relays are kept: added again, it goes on from there, without a policy in force.
      </p>`,
      action: "Remove the network",
      isDangerous: true,
      word: network,
    });
    if (!isSure) return;
    try {
      await this.app.api.call("removeNetwork", { params: { projectId: this.project.id, network } });
      toast(`${network} was removed.`);
    } catch (thrown) {
      toastError(thrown);
    }
    await this.#reload();
  }
}

customElements.define("networks-page", NetworksPageElement);

import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import { confirm } from "../../ui/confirm.ts";
import { switchField } from "../../ui/field.ts";
import { panel } from "../../ui/layout.ts";
import { loaded, skeleton } from "../../ui/states.ts";
import { toast, toastError } from "../../ui/toast.ts";
import { ListPage } from "./list-page.ts";
import { allowlistWords } from "./allowlist-words.ts";

export class AllowlistPageElement extends ListPage {
  readonly list = "allowlist";
  readonly lead = "Wallets that are sponsored where a network takes nobody else.";
  readonly #networks = new Task(this, {
    args: () => [this.project.id] as const,
    task: ([projectId], { signal }) => this.app.api.call("listNetworks", { params: { projectId }, signal }),
  });

  protected override renderSwitch(network: string): TemplateResult {
    return panel({
      body: loaded(
        this.#networks,
        ({ data }) => {
          const found = data.find((each) => each.network === network);
          if (!found) return html``;
          const { total } = this;
          const isOn = found.allowlistOnly;
          return html`${switchField({
              name: "allowlist-only",
              label: `Only wallets on this list are sponsored on ${network}`,
              isChecked: isOn,
              blocked: this.blocked("putNetwork"),
              onChange: (isWanted) => void this.#turn(network, isWanted, total),
            })}
            <p class="note ${isOn && total === 0 ? "warn" : ""}">${allowlistWords(isOn, total)}</p>`;
        },
        skeleton(2),
      ),
    });
  }

  async #turn(network: string, isWanted: boolean, total: number | undefined): Promise<void> {
    const isSure = await confirm({
      heading: isWanted ? `Sponsor only the list on ${network}?` : `Sponsor everybody on ${network}?`,
      body: allowlistWords(isWanted, total),
      action: isWanted ? "Only the list" : "Everybody",
      isDangerous: true,
    });
    if (isSure) {
      try {
        await this.app.api.call("putNetwork", {
          params: { projectId: this.project.id, network },
          body: { allowlistOnly: isWanted },
        });
        toast(isWanted ? "From now on only the list is sponsored." : "From now on the list is not asked for.");
      } catch (thrown) {
        toastError(thrown);
      }
      await this.#networks.run();
    }
    // Whoever thought better of it finds the switch where it was.
    this.requestUpdate();
  }
}

customElements.define("allowlist-page", AllowlistPageElement);

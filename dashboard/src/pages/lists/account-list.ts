import { html, nothing, type TemplateResult } from "lit";
import { AppElement } from "../../app/element.ts";
import { button } from "../../ui/button.ts";
import { shortCode } from "../../ui/copy.ts";
import { dataTable } from "../../ui/table.ts";
import { accountRole, whyNotDeny } from "./known-accounts.ts";
import type { EntrySavedEvent } from "./entry-dialog.ts";
import "./entry-dialog.ts";
import "./account-list.css";
import "./lists.css";

/** The addresses that a transaction names, each with a way onto the denylist. */
export class AccountListElement extends AppElement {
  static override properties = {
    accounts: { attribute: false },
    network: { attribute: false },
    wallet: { attribute: false },
    sponsors: { attribute: false },
    denying: { state: true },
    denied: { state: true },
  };
  declare accounts: readonly string[];
  declare network: string;
  declare wallet: string;
  /** Those of the project, as far as they are known. */
  declare sponsors: readonly string[];
  declare private denying: string | undefined;
  declare private denied: ReadonlySet<string>;

  constructor() {
    super();
    this.accounts = [];
    this.network = "";
    this.wallet = "";
    this.sponsors = [];
    this.denied = new Set();
  }

  protected override render(): TemplateResult {
    const { wallet, sponsors } = this;
    return html`${dataTable({
        caption: "Accounts that the transaction names",
        rows: this.accounts,
        key: (address) => address,
        columns: [
          {
            key: "address",
            header: "Account",
            cell: (address) =>
              html`<span
                >${shortCode(address, "the address", 8)}
                <span class="soft small">${accountRole(address, { wallet, sponsors }) ?? nothing}</span></span
              >`,
          },
          { key: "deny", header: "Deny", isHeaderHidden: true, cell: (address) => this.#denyButton(address) },
        ],
        empty: html`<p class="soft">The accounts of this transaction were not kept.</p>`,
      })}
      <list-entry-dialog
        .list=${"denylist"}
        .network=${this.network}
        .address=${this.denying ?? ""}
        .isOpen=${this.denying !== undefined}
        @entry-saved=${({ entry }: EntrySavedEvent) => (this.denied = new Set([...this.denied, entry.address]))}
        @entry-closed=${() => (this.denying = undefined)}
      ></list-entry-dialog>`;
  }

  #denyButton(address: string): TemplateResult | typeof nothing {
    // With the sponsor on the denylist everything would be refused.
    if (this.sponsors.includes(address)) return nothing;
    if (this.denied.has(address)) return html`<span class="soft">On the denylist</span>`;
    return button({
      label: "Deny",
      about: address,
      icon: "stop",
      kind: "plain",
      blocked: this.blocked("deny") ?? whyNotDeny(address),
      onClick: () => (this.denying = address),
    });
  }
}

customElements.define("account-list", AccountListElement);

import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import type { RelayState } from "../../../../bff/src/contract/relays.ts";
import type { ManagedRelay } from "../../../../bff/src/contract/manage/traffic.ts";
import { Page } from "../../app/page.ts";
import { amount } from "../../format/amounts.ts";
import { curlOf } from "../../format/curl.ts";
import { instantsOf } from "../../format/period.ts";
import { time } from "../../format/times.ts";
import { stateBadge } from "../../ui/badge.ts";
import { button, linkButton } from "../../ui/button.ts";
import { shortCode } from "../../ui/copy.ts";
import { selectField, textField } from "../../ui/field.ts";
import { filterBar, pageHead, panel } from "../../ui/layout.ts";
import { createPager } from "../../ui/pager.ts";
import { createSearch } from "../../ui/search.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { copyCurlButton } from "../decisions/copy-curl.ts";
import { commonFilters } from "../decisions/traffic-filters.ts";
import { walletFilter } from "../decisions/wallet-filter.ts";
import { walletCode } from "../decisions/wallet-code.ts";

const STATES: readonly (readonly [RelayState, label: string])[] = [
  ["received", "Received"],
  ["signed", "Signed"],
  ["submitted", "Submitted"],
  ["confirmed", "Confirmed"],
  ["finalized", "Finalized"],
  ["rejected", "Rejected"],
  ["failed", "Failed"],
  ["expired", "Expired"],
];
const NAMES = ["state", "network", "wallet", "transactionId", "period", "from", "to"] as const;

/** Fee and rent together: what was charged, or the quote of one that has not ended. */
const costOf = ({ network, state, fee, rent }: ManagedRelay): TemplateResult => {
  if (state === "rejected" || state === "expired") return html`<span class="soft">nothing</span>`;
  const charged = fee.charged !== null || rent.charged !== null;
  const sum = BigInt(fee.charged ?? fee.quoted) + BigInt(rent.charged ?? rent.quoted);
  return html`<span>${amount(network, sum.toString())}${charged ? "" : html` <span class="soft">quoted</span>`}</span>`;
};

export class RelaysPageElement extends Page {
  readonly #pager = createPager(this);
  readonly #search = createSearch(this, NAMES, () => this.#pager.reset());
  readonly #relays = new Task(this, {
    args: () => [this.project.id, this.query.toString(), this.#pager.cursor] as const,
    task: ([projectId, , cursor], { signal }) =>
      this.app.api.call("listRelays", { params: { projectId }, query: { ...this.#query(), cursor }, signal }),
  });

  #query() {
    const { state, network, wallet, transactionId, ...period } = this.#search.values;
    return {
      ...instantsOf(period, Date.now()),
      // Another state in the address is refused by the API, which says so.
      state: (state || undefined) as RelayState | undefined,
      network: network || undefined,
      wallet: walletFilter(wallet),
      transactionId: transactionId || undefined,
    };
  }

  protected override render(): TemplateResult {
    const curl = curlOf(location.origin, "listRelays", {
      params: { projectId: this.project.id },
      query: this.#query(),
    });
    return html`
      ${pageHead({
        title: "Relays",
        lead: "Every transaction that was sponsored, from the moment it was accepted to its end on the chain.",
        actions: copyCurlButton(curl),
      })}
      ${panel({
        body: html`${filterBar({
          isFiltered: this.#search.isFiltered,
          onReset: () => this.#search.reset(),
          fields: this.#filters(),
        })}
        ${loaded(
          this.#relays,
          ({ data, nextCursor }) =>
            html`${dataTable<ManagedRelay>({
              caption: "Relays, newest first",
              rows: data,
              key: ({ id }) => id,
              href: ({ id }) => this.projectLink(`relays/${id}`),
              columns: this.#columns(),
              empty: this.#empty(),
            })}
            ${this.#pager.view(nextCursor)}`,
        )}`,
      })}
    `;
  }

  #filters(): TemplateResult {
    return html`
      ${selectField<string>({
        ...this.#search.choice("state"),
        label: "State",
        options: [{ value: "", label: "All" }, ...STATES.map(([value, label]) => ({ value, label }))],
      })}
      ${commonFilters(this, this.#search)}
      ${textField({
        ...this.#search.text("transactionId"),
        label: "Transaction id",
        placeholder: "From the explorer",
        type: "search",
        isMono: true,
        maxLength: 120,
      })}
    `;
  }

  #columns() {
    return [
      { key: "created", header: "When", cell: ({ createdAt }: ManagedRelay) => time(createdAt) },
      { key: "state", header: "State", cell: ({ state }: ManagedRelay) => stateBadge(state) },
      { key: "wallet", header: "Wallet", cell: ({ wallet }: ManagedRelay) => walletCode(wallet) },
      { key: "network", header: "Network", cell: ({ network }: ManagedRelay) => network },
      {
        key: "transaction",
        header: "Transaction",
        cell: ({ transactionId, groupId }: ManagedRelay) => {
          const id = transactionId ?? groupId;
          return id === undefined ? html`<span class="soft">not signed</span>` : shortCode(id, "the transaction id");
        },
      },
      { key: "cost", header: "Cost", isNumber: true, cell: costOf },
    ];
  }

  #empty(): TemplateResult {
    if (this.#search.isFiltered) {
      return emptyState({
        icon: "explain",
        title: "No relay fits",
        body: "Refused transactions are no relays: look for them among the decisions.",
        action: html`<div class="actions">
          ${button({ label: "Clear filters", onClick: () => this.#search.reset() })}
          ${linkButton({ label: "Search the decisions", kind: "plain", href: this.projectLink("decisions") })}
        </div>`,
      });
    }
    return emptyState({
      icon: "relays",
      title: "Nothing has been sponsored yet",
      body: "The first relay comes when a page with your key calls sponsor() and the policy agrees.",
      action: linkButton({ label: "Get the embed snippet", kind: "primary", href: this.projectLink("keys") }),
    });
  }
}

customElements.define("relays-page", RelaysPageElement);

import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import type { ListEntry } from "../../../../bff/src/contract/manage/lists.ts";
import { Page } from "../../app/page.ts";
import { time } from "../../format/times.ts";
import { badge } from "../../ui/badge.ts";
import { button } from "../../ui/button.ts";
import { confirm } from "../../ui/confirm.ts";
import { shortCode, shorten } from "../../ui/copy.ts";
import { textField } from "../../ui/field.ts";
import { filterBar, pageHead, panel } from "../../ui/layout.ts";
import { networkPicker, noNetwork } from "../../ui/network-picker.ts";
import { createPager } from "../../ui/pager.ts";
import { createSearch } from "../../ui/search.ts";
import { emptyState, loaded, skeleton } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { toast, toastError } from "../../ui/toast.ts";
import { type ListName, LISTS } from "./list-kinds.ts";
import "./entry-dialog.ts";
import "./import-csv.ts";
import "./lists.css";

/** What both lists' pages are: search, add, remove, import. */
export abstract class ListPage extends Page {
  static override properties = { isAdding: { state: true }, isImporting: { state: true } };
  declare protected isAdding: boolean;
  declare protected isImporting: boolean;
  abstract readonly list: ListName;
  abstract readonly lead: string | TemplateResult;

  #network: string | undefined;
  readonly #pager = createPager(this);
  readonly #search = createSearch(this, ["search"], () => this.#pager.reset());
  protected readonly entries = new Task(this, {
    args: () => [this.list, this.project.id, this.network, this.query.get("search"), this.#pager.cursor] as const,
    task: async ([list, projectId, network, search, cursor], { signal }) =>
      network === undefined
        ? undefined
        : {
            network,
            ...(await this.app.api.call(LISTS[list].list, {
              params: { projectId, network },
              query: { search: search ?? undefined, cursor },
              signal,
            })),
          },
  });

  constructor() {
    super();
    this.isAdding = false;
    this.isImporting = false;
  }

  /** How many there are on the network's list; undefined: not known, or some are left out. */
  protected get total(): number | undefined {
    const { value } = this.entries;
    return value?.network === this.network && !this.#search.isFiltered ? value?.total : undefined;
  }

  protected override willUpdate(): void {
    // A place in one network's list is none in another's.
    if (this.#network !== this.network) this.#pager.reset();
    this.#network = this.network;
  }

  /** Above the list: what it does at all. */
  protected renderSwitch(_network: string): TemplateResult | typeof nothing {
    return nothing;
  }

  protected override render(): TemplateResult {
    const { title } = LISTS[this.list];
    const { network } = this;
    if (network === undefined) return html`${pageHead({ title, lead: this.lead })} ${noNetwork(this)}`;
    return html`
      ${pageHead({ title, lead: this.lead, actions: this.#actions() })}
      <div class="filters">${networkPicker(this)}</div>
      ${this.renderSwitch(network)}
      ${
        this.isImporting
          ? html`<list-import
              .list=${this.list}
              .network=${network}
              .total=${this.total}
              @list-imported=${() => void this.entries.run()}
              @import-closed=${() => (this.isImporting = false)}
            ></list-import>`
          : nothing
      }
      ${panel({ body: this.#entries(network) })}
      <list-entry-dialog
        .list=${this.list}
        .network=${network}
        .isOpen=${this.isAdding}
        @entry-saved=${() => void this.entries.run()}
        @entry-closed=${() => (this.isAdding = false)}
      ></list-entry-dialog>
    `;
  }

  #actions(): TemplateResult {
    const { add, addLabel, import: importing } = LISTS[this.list];
    return html`${button({
      label: "Import a CSV",
      icon: "upload",
      blocked: this.blocked(importing),
      onClick: () => this.#openImport(),
    })}
    ${button({
      label: addLabel,
      kind: "primary",
      icon: "plus",
      blocked: this.blocked(add),
      onClick: () => (this.isAdding = true),
    })}`;
  }

  async #openImport(): Promise<void> {
    this.isImporting = true;
    await this.updateComplete;
    this.querySelector<HTMLElement>("#csv-file")?.focus();
  }

  #entries(network: string): TemplateResult {
    return html`
      ${filterBar({
        isFiltered: this.#search.isFiltered,
        onReset: () => this.#search.reset(),
        fields: textField({
          ...this.#search.text("search"),
          label: "Address begins with",
          type: "search",
          maxLength: 64,
        }),
      })}
      ${loaded(this.entries, (page) =>
        page?.network !== network
          ? skeleton()
          : html`<p class="soft small" role="status">${this.#count(page.total)}</p>
              ${dataTable<ListEntry>({
                caption: `${LISTS[this.list].title} of ${network}`,
                rows: page.data,
                key: ({ address }) => address,
                columns: this.#columns(network),
                empty: this.#empty(),
              })}
              ${this.#pager.view(page.nextCursor)}`,
      )}
    `;
  }

  /** Where there is none, the empty list says so. */
  #count(total: number): string {
    if (total === 0) return "";
    return `${total.toLocaleString("en")} ${this.#search.isFiltered ? "found" : "on the list"}`;
  }

  #columns(network: string) {
    return [
      { key: "address", header: "Address", cell: ({ address }: ListEntry) => shortCode(address, "the address", 8) },
      {
        key: "note",
        header: "Note",
        cell: ({ note }: ListEntry) =>
          note === null ? html`<span class="soft">none</span>` : html`<span class="wrap">${note}</span>`,
      },
      {
        key: "expires",
        header: "Ends",
        cell: ({ expiresAt, isExpired }: ListEntry) => (isExpired ? badge("over", "warn") : time(expiresAt)),
      },
      { key: "created", header: "Since", cell: ({ createdAt }: ListEntry) => time(createdAt, "unknown") },
      {
        key: "remove",
        header: "Remove",
        isHeaderHidden: true,
        cell: ({ address }: ListEntry) =>
          button({
            label: "Remove",
            about: address,
            icon: "trash",
            isIconOnly: true,
            kind: "plain",
            blocked: this.blocked(LISTS[this.list].remove),
            onClick: () => this.#remove(network, address),
          }),
      },
    ];
  }

  #empty(): TemplateResult {
    const { emptyTitle, emptyBody, add, addFirstLabel } = LISTS[this.list];
    if (!this.#search.isFiltered) {
      return emptyState({
        icon: "list",
        title: emptyTitle,
        body: emptyBody,
        action: button({
          label: addFirstLabel,
          kind: "primary",
          blocked: this.blocked(add),
          onClick: () => (this.isAdding = true),
        }),
      });
    }
    return emptyState({
      icon: "explain",
      title: "No entry fits",
      body: "Entries are found by the first characters of their address.",
      action: button({ label: "Clear the search", onClick: () => this.#search.reset() }),
    });
  }

  async #remove(network: string, address: string): Promise<void> {
    const { remove, removed, removeBody, title } = LISTS[this.list];
    const short = shorten(address, 6);
    const heading = `Take ${short} off the ${title.toLowerCase()}?`;
    if (!(await confirm({ heading, body: removeBody, action: "Remove it" }))) return;
    try {
      await this.app.api.call(remove, { params: { projectId: this.project.id, network, address } });
      toast(removed(short));
    } catch (thrown) {
      toastError(thrown);
    }
    await this.entries.run();
  }
}

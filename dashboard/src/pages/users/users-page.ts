import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import type { ManagedUser } from "../../../../bff/src/contract/manage/traffic.ts";
import { Page } from "../../app/page.ts";
import { time } from "../../format/times.ts";
import { button, linkButton } from "../../ui/button.ts";
import { shortWallet } from "../../ui/copy.ts";
import { filterBar, pageHead, panel } from "../../ui/layout.ts";
import { createPager } from "../../ui/pager.ts";
import { createSearch } from "../../ui/search.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { walletField } from "../decisions/traffic-filters.ts";
import { walletFilter } from "../decisions/wallet-filter.ts";

const walletsOf = ({ wallets: [first, ...others] }: ManagedUser): TemplateResult =>
  first === undefined
    ? html`<span class="soft">no wallet</span>`
    : html`<code title=${first}>${shortWallet(first, 6)}</code>${
          others.length > 0 ? html` <span class="soft">and ${others.length} more</span>` : ""
        }`;

export class UsersPageElement extends Page {
  readonly #pager = createPager(this);
  readonly #search = createSearch(this, ["wallet"], () => this.#pager.reset());
  readonly #users = new Task(this, {
    args: () => [this.project.id, walletFilter(this.#search.values.wallet), this.#pager.cursor] as const,
    task: ([projectId, wallet, cursor], { signal }) =>
      this.app.api.call("listUsers", { params: { projectId }, query: { wallet, cursor }, signal }),
  });

  protected override render(): TemplateResult {
    return html`
      ${pageHead({
        title: "Users",
        lead: "Whoever has signed in to a page with one of your keys. A user is known by wallets, and by nothing else.",
      })}
      ${panel({
        body: html`${filterBar({
          isFiltered: this.#search.isFiltered,
          onReset: () => this.#search.reset(),
          fields: walletField(this.#search.text("wallet")),
        })}
        ${loaded(
          this.#users,
          ({ data, nextCursor }) =>
            html`${dataTable<ManagedUser>({
              caption: "Users, newest first",
              rows: data,
              key: ({ id }) => id,
              href: ({ id }) => this.projectLink(`users/${id}`),
              columns: [
                { key: "wallet", header: "Wallet", cell: walletsOf },
                { key: "since", header: "Since", cell: ({ createdAt }) => time(createdAt) },
                { key: "seen", header: "Last seen", cell: ({ lastSeenAt }) => time(lastSeenAt) },
                { key: "sessions", header: "Open sessions", isNumber: true, cell: ({ sessions }) => sessions },
              ],
              empty: this.#empty(),
            })}
            ${this.#pager.view(nextCursor)}`,
        )}`,
      })}
    `;
  }

  #empty(): TemplateResult {
    return this.#search.isFiltered
      ? emptyState({
          icon: "explain",
          title: "No user has this wallet",
          body: "Give the whole address: users are found by the wallets that they have signed in with.",
          action: button({ label: "Clear the search", onClick: () => this.#search.reset() }),
        })
      : emptyState({
          icon: "user",
          title: "Nobody has signed in yet",
          body: "A user appears when somebody signs in with a wallet on one of your pages.",
          action: linkButton({ label: "Get the embed snippet", kind: "primary", href: this.projectLink("keys") }),
        });
  }
}

customElements.define("users-page", UsersPageElement);

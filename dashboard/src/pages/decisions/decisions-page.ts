import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import type { Decision } from "../../../../bff/src/contract/manage/traffic.ts";
import { Page } from "../../app/page.ts";
import { amount } from "../../format/amounts.ts";
import { curlOf } from "../../format/curl.ts";
import { instantsOf } from "../../format/period.ts";
import { time } from "../../format/times.ts";
import { verdictBadge } from "../../ui/badge.ts";
import { button, linkButton } from "../../ui/button.ts";
import { selectField, textField } from "../../ui/field.ts";
import { filterBar, pageHead, panel } from "../../ui/layout.ts";
import { createPager } from "../../ui/pager.ts";
import { createSearch } from "../../ui/search.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { REFUSAL_CODES } from "./code-words.ts";
import { copyCurlButton } from "./copy-curl.ts";
import { commonFilters } from "./traffic-filters.ts";
import { walletFilter } from "./wallet-filter.ts";
import { walletCode } from "./wallet-code.ts";

const NAMES = ["verdict", "code", "network", "wallet", "account", "period", "from", "to"] as const;
type Verdict = Decision["verdict"];

/** What it was quoted at; of what was refused nobody paid anything. */
const costOf = ({ network, verdict, fee, rent }: Decision): TemplateResult =>
  verdict === "refuse" || (fee === null && rent === null)
    ? html`<span class="soft">none</span>`
    : amount(network, (BigInt(fee ?? "0") + BigInt(rent ?? "0")).toString());

export class DecisionsPageElement extends Page {
  readonly #pager = createPager(this);
  readonly #search = createSearch(this, NAMES, () => this.#pager.reset());
  readonly #decisions = new Task(this, {
    args: () => [this.project.id, this.query.toString(), this.#pager.cursor] as const,
    task: ([projectId, , cursor], { signal }) =>
      this.app.api.call("listDecisions", { params: { projectId }, query: { ...this.#query(), cursor }, signal }),
  });

  #query() {
    const { verdict, code, network, wallet, account, ...period } = this.#search.values;
    return {
      ...instantsOf(period, Date.now()),
      // Another verdict in the address is refused by the API, which says so.
      verdict: (verdict || undefined) as Verdict | undefined,
      code: code || undefined,
      network: network || undefined,
      wallet: walletFilter(wallet),
      account: account || undefined,
    };
  }

  protected override render(): TemplateResult {
    const params = { projectId: this.project.id };
    return html`
      ${pageHead({
        title: "Decisions",
        lead: "What was sponsored and what was refused in the last 30 days, and why.",
        actions: copyCurlButton(curlOf(location.origin, "listDecisions", { params, query: this.#query() })),
      })}
      ${panel({
        body: html`${filterBar({
          isFiltered: this.#search.isFiltered,
          onReset: () => this.#search.reset(),
          fields: this.#filters(),
        })}
        ${loaded(
          this.#decisions,
          ({ data, nextCursor }) =>
            html`${dataTable<Decision>({
              caption: "Decisions, newest first",
              rows: data,
              key: ({ id }) => id,
              href: ({ id }) => this.projectLink(`decisions/${id}`),
              columns: this.#columns(),
              empty: this.#empty(),
            })}
            ${this.#pager.view(nextCursor)}`,
        )}`,
      })}
    `;
  }

  #filters(): TemplateResult {
    const { code } = this.#search.values;
    const codes = code === "" || REFUSAL_CODES.includes(code) ? REFUSAL_CODES : [code, ...REFUSAL_CODES];
    return html`
      ${selectField<string>({
        ...this.#search.choice("verdict"),
        label: "Verdict",
        options: [
          { value: "", label: "All" },
          { value: "sponsor", label: "Sponsored" },
          { value: "refuse", label: "Refused" },
        ],
      })}
      ${selectField<string>({
        ...this.#search.choice("code"),
        label: "Code",
        options: [{ value: "", label: "All" }, ...codes.map((each) => ({ value: each, label: each }))],
      })}
      ${commonFilters(this, this.#search)}
      ${textField({
        ...this.#search.text("account"),
        label: "Account",
        placeholder: "An address in it",
        type: "search",
        isMono: true,
        maxLength: 64,
      })}
    `;
  }

  #columns() {
    return [
      { key: "at", header: "When", cell: ({ decidedAt }: Decision) => time(decidedAt) },
      { key: "verdict", header: "Verdict", cell: ({ verdict }: Decision) => verdictBadge(verdict) },
      {
        key: "code",
        header: "Code",
        cell: ({ code }: Decision) =>
          code === null ? html`<span class="soft">none</span>` : html`<code>${code}</code>`,
      },
      { key: "wallet", header: "Wallet", cell: ({ wallet }: Decision) => walletCode(wallet) },
      { key: "network", header: "Network", cell: ({ network }: Decision) => network },
      { key: "cost", header: "Cost", isNumber: true, cell: costOf },
    ];
  }

  #empty(): TemplateResult {
    if (this.#search.isFiltered) {
      return emptyState({
        icon: "explain",
        title: "No decision fits",
        body: "Decisions are kept for 30 days. Take a filter away, or widen the time.",
        action: button({ label: "Clear filters", onClick: () => this.#search.reset() }),
      });
    }
    return emptyState({
      icon: "decisions",
      title: "Nothing had to be decided yet",
      body: "Each transaction that a page asks to have sponsored leaves a decision here. You can try one by hand first.",
      action: linkButton({ label: "Explain a transaction", kind: "primary", href: this.projectLink("explain") }),
    });
  }
}

customElements.define("decisions-page", DecisionsPageElement);

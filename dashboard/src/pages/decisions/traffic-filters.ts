import { html, nothing, type TemplateResult } from "lit";
import type { Page } from "../../app/page.ts";
import { PERIODS } from "../../format/period.ts";
import { selectField, textField } from "../../ui/field.ts";
import type { Search } from "../../ui/search.ts";
import { walletFilter } from "./wallet-filter.ts";

type CommonNames = "network" | "wallet" | "period" | "from" | "to";

/** Which wallet: of relays, decisions and users. */
export const walletField = (field: ReturnType<Search<"wallet">["text"]>): TemplateResult =>
  textField({
    ...field,
    label: "Wallet",
    placeholder: "Whole address",
    type: "search",
    isMono: true,
    maxLength: 120,
    error: field.value !== "" && walletFilter(field.value) === undefined ? "takes the whole address" : undefined,
  });

/** What relays and decisions are both narrowed down by: network, wallet and time. */
export function commonFilters(page: Page, search: Search<CommonNames>): TemplateResult {
  const { networks } = page.project;
  return html`
    ${walletField(search.text("wallet"))}
    ${
      networks.length < 2
        ? nothing
        : selectField({
            ...search.choice("network"),
            label: "Network",
            options: [{ value: "", label: "All" }, ...networks.map((network) => ({ value: network, label: network }))],
          })
    }
    ${selectField<string>({ ...search.choice("period"), label: "Time", options: PERIODS })}
    ${
      search.values.period === "custom"
        ? html`${textField({ ...search.text("from"), label: "From", type: "datetime-local" })}
          ${textField({ ...search.text("to"), label: "To", type: "datetime-local" })}`
        : nothing
    }
  `;
}

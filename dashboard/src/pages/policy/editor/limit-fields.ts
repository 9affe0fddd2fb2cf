import { html, type TemplateResult } from "lit";
import { formatAmount, unitOf } from "../../../format/amounts.ts";
import { panel } from "../../../ui/layout.ts";
import { amountHint, readAmount, readWhole, showAmount } from "../model/amounts.ts";
import { isAlgorand } from "../model/say-policy.ts";
import { priorityFee } from "../model/say-limits.ts";
import { plainText } from "../model/pointer.ts";
import { digitsOf } from "../model/predicate.ts";
import type { Editing } from "./editing.ts";
import { parsedField } from "./parsed-field.ts";

const messageAt = ({ findings }: Editing, pointer: string): string | undefined =>
  findings.find((finding) => finding.pointer === pointer)?.message;

/** An amount in whole coins, with base units beside it. Empty: absent, where it may be. */
export function amountField(editing: Editing, name: string, label: string, isOptional = false): TemplateResult {
  const { document, network } = editing;
  return html`<div data-pointer="/${name}">
    ${parsedField({
      name: `/${name}`,
      label,
      value: document[name],
      show: (value) => showAmount(network, value),
      read: (typed) => (isOptional && typed.trim() === "" ? undefined : readAmount(network, typed)),
      onValue: (value) => editing.set([name], value),
      suffix: unitOf(network).symbol,
      hint: amountHint(network, document[name]),
      error: messageAt(editing, `/${name}`),
    })}
  </div>`;
}

function wholeField(editing: Editing, name: string, label: string, hint: string, isOptional = false): TemplateResult {
  return html`<div data-pointer="/${name}">
    ${parsedField({
      name: `/${name}`,
      label,
      value: editing.document[name],
      show: plainText,
      read: (typed) => (isOptional && typed.trim() === "" ? undefined : readWhole(digitsOf(typed))),
      onValue: (value) => editing.set([name], value),
      hint,
      error: messageAt(editing, `/${name}`),
    })}
  </div>`;
}

function solanaLimits(editing: Editing): TemplateResult {
  const { maxComputeUnits, maxComputeUnitPrice } = editing.document;
  const most = priorityFee(maxComputeUnitPrice, maxComputeUnits);
  return html`${amountField(editing, "maxFee", "Fee of one transaction")}
    ${wholeField(editing, "maxSignatures", "Signatures", "The sponsor's, the wallet's, and those of others.")}
    ${wholeField(editing, "maxComputeUnits", "Compute units", "As much as the dapp's heaviest transaction needs.")}
    <div data-pointer="/maxComputeUnitPrice">
      ${parsedField({
        name: "/maxComputeUnitPrice",
        label: "Price of a compute unit",
        value: maxComputeUnitPrice,
        show: plainText,
        read: digitsOf,
        onValue: (value) => editing.set(["maxComputeUnitPrice"], value),
        suffix: "micro-lamports",
        hint:
          most === undefined
            ? "A whole number of micro-lamports."
            : `At most ${formatAmount(editing.network, most)} of priority fee in one transaction.`,
        error: messageAt(editing, "/maxComputeUnitPrice"),
      })}
    </div>`;
}

/** What one transaction, or one group, may cost. */
export const limitFields = (editing: Editing): TemplateResult =>
  panel({
    title: "Up to what cost",
    lead: "Of one transaction. What users and the whole project may spend over time is set by budgets.",
    body: html`<div class="limits">
      ${
        isAlgorand(editing.network)
          ? html`${amountField(editing, "maxFee", "Fee of one group")}
            ${wholeField(editing, "maxTransactions", "Transactions of the user in one group", "Empty: 4.", true)}`
          : solanaLimits(editing)
      }
    </div>`,
  });

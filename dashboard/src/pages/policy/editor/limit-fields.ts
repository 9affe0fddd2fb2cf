import { html, type TemplateResult } from "lit";
import { formatAmount, unitOf } from "../../../format/amounts.ts";
import { panel } from "../../../ui/layout.ts";
import { amountFault, amountHint, readAmount, readWhole, showAmount, wholeFault } from "../model/amounts.ts";
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
      error: amountFault(network, document[name]) ?? messageAt(editing, `/${name}`),
    })}
  </div>`;
}

interface WholeField {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  /** Of what can be typed. */
  readonly example: string;
  readonly isOptional?: boolean;
}

function wholeField(editing: Editing, { name, label, hint, example, isOptional = false }: WholeField): TemplateResult {
  return html`<div data-pointer="/${name}">
    ${parsedField({
      name: `/${name}`,
      label,
      value: editing.document[name],
      show: plainText,
      read: (typed) => (isOptional && typed.trim() === "" ? undefined : readWhole(digitsOf(typed))),
      onValue: (value) => editing.set([name], value),
      hint,
      error: wholeFault(editing.document[name], example) ?? messageAt(editing, `/${name}`),
    })}
  </div>`;
}

function solanaLimits(editing: Editing): TemplateResult {
  const { maxComputeUnits, maxComputeUnitPrice } = editing.document;
  const most = priorityFee(maxComputeUnitPrice, maxComputeUnits);
  return html`${amountField(editing, "maxFee", "Fee of one transaction")}
    ${wholeField(editing, {
      name: "maxSignatures",
      label: "Signatures",
      hint: "The sponsor's, the wallet's, and those of others.",
      example: "3",
    })}
    ${wholeField(editing, {
      name: "maxComputeUnits",
      label: "Compute units",
      hint: "As much as the dapp's heaviest transaction needs.",
      example: "200000",
    })}
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
        error: wholeFault(maxComputeUnitPrice, "50000") ?? messageAt(editing, "/maxComputeUnitPrice"),
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
            ${wholeField(editing, {
              name: "maxTransactions",
              label: "Transactions of the user in one group",
              hint: "Empty: 4.",
              example: "2",
              isOptional: true,
            })}`
          : solanaLimits(editing)
      }
    </div>`,
  });

import { html, nothing, type TemplateResult } from "lit";
import { panel } from "../../../ui/layout.ts";
import { checkField, choiceField, switchField } from "../../../ui/field.ts";
import { findingsAt } from "../model/findings.ts";
import { linesOf } from "../model/predicate.ts";
import { placedFindings } from "../view/findings.ts";
import { type Editing, objectAt } from "./editing.ts";
import { amountField } from "./limit-fields.ts";
import { parsedField } from "./parsed-field.ts";

/** 0.1 ALGO for the account and 0.1 for one asset. */
const ACCOUNT_AND_ASSET = "200000";

function assetFields(editing: Editing): TemplateResult {
  const { assets } = objectAt(editing.document, ["minimumBalance"]);
  return html`${choiceField<"any" | "some">({
    name: "/minimumBalance/assets",
    label: "For the opt-in to which assets",
    value: assets === true ? "any" : "some",
    options: [
      { value: "some", label: "Those that are listed", hint: "0.1 ALGO for each, once a user." },
      { value: "any", label: "Any", hint: "Whoever makes assets can spend the whole budget on them." },
    ],
    onChange: (next) => editing.set(["minimumBalance", "assets"], next === "any" ? true : [""]),
  })}
  ${
    assets === true
      ? nothing
      : parsedField({
          name: "/minimumBalance/assets/list",
          label: "Numbers of assets, one a line",
          value: assets,
          show: (value) => (Array.isArray(value) ? value.map(String).join("\n") : ""),
          read: (typed) => {
            const lines = linesOf(typed);
            return lines.length === 0 ? [""] : lines;
          },
          onValue: (value) => editing.set(["minimumBalance", "assets"], value),
          rows: 3,
          isMono: true,
        })
  }`;
}

/** What the sponsor gives a user who lacks it, so that an account or an asset can be held. */
export function balanceFields(editing: Editing): TemplateResult {
  const { document, findings } = editing;
  const isOn = document["minimumBalance"] !== undefined;
  const { account } = objectAt(document, ["minimumBalance"]);
  const toggle = (next: boolean) =>
    editing.change(({ minimumBalance: _balance, maxRent: _rent, ...rest }) =>
      next ? { ...rest, minimumBalance: { account: true, assets: [""] }, maxRent: ACCOUNT_AND_ASSET } : rest,
    );
  return panel({
    title: "Minimum balance",
    lead: "An account on Algorand has to keep 0.1 ALGO, and 0.1 more for each asset.",
    body: html`<div data-pointer="/minimumBalance">
        ${switchField({
          name: "gives-balance",
          label: "Give it to users who lack it",
          hint: html`Each thing once a user. It counts against the <a href=${editing.budgetsLink}>budget of rent</a>,
            which there has to be.`,
          isChecked: isOn,
          onChange: toggle,
        })}
        ${placedFindings(findingsAt(findings, "/minimumBalance"))}
      </div>
      ${
        isOn
          ? html`${checkField({
                name: "/minimumBalance/account",
                label: "That of the account itself, beside an asset's",
                isChecked: account === true,
                onChange: (next) => editing.set(["minimumBalance", "account"], next ? true : undefined),
              })}
              ${assetFields(editing)}
              <div class="limits">${amountField(editing, "maxRent", "Minimum balance in one group")}</div>`
          : nothing
      }`,
  });
}

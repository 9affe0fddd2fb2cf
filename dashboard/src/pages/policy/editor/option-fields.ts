import { html, nothing, type TemplateResult } from "lit";
import { panel } from "../../../ui/layout.ts";
import { choiceField, switchField } from "../../../ui/field.ts";
import { findingsAt } from "../model/findings.ts";
import { valuesOf } from "../model/predicate.ts";
import { placedFindings } from "../view/findings.ts";
import type { Editing } from "./editing.ts";
import { parsedField } from "./parsed-field.ts";

type TableChoice = "none" | "some" | "any";

function tableFields(editing: Editing): TemplateResult {
  const { lookupTables } = editing.document;
  const current: TableChoice = lookupTables === true ? "any" : Array.isArray(lookupTables) ? "some" : "none";
  const values: Readonly<Record<TableChoice, unknown>> = { none: undefined, some: [], any: true };
  return html`<div data-pointer="/lookupTables">
    ${choiceField<TableChoice>({
      name: "/lookupTables",
      label: "Lookup tables",
      value: current,
      options: [
        { value: "none", label: "None", hint: "Transactions that use one are refused." },
        { value: "some", label: "Those that are listed", hint: "The tables of your dapp, whose content you know." },
        {
          value: "any",
          label: "Any",
          hint: "Anybody can make one: what stands in it is checked only when it has been read from the chain.",
        },
      ],
      onChange: (next) => editing.set(["lookupTables"], values[next]),
    })}
    ${
      current === "some"
        ? parsedField({
            name: "/lookupTables/list",
            label: "Addresses of tables, one a line",
            value: lookupTables,
            show: (value) => (Array.isArray(value) ? value.map(String).join("\n") : ""),
            read: valuesOf,
            onValue: (value) => editing.set(["lookupTables"], value),
            rows: 3,
            isMono: true,
          })
        : nothing
    }
    ${placedFindings(findingsAt(editing.findings, "/lookupTables"))}
  </div>`;
}

/** What may stand in a transaction beside what is listed. */
export function optionFields(editing: Editing): TemplateResult {
  const { walletAssertions, unlistedPrograms } = editing.document;
  return panel({
    title: "What else may be in it",
    body: html`<div data-pointer="/walletAssertions">
        ${switchField({
          name: "/walletAssertions",
          label: "Let assertions through that wallets add by themselves",
          hint: "Phantom and Solflare add up to two, which make the transaction fail when it would do something else than was shown. Off, their users are refused.",
          isChecked: walletAssertions === true,
          onChange: (isOn) => editing.set(["walletAssertions"], isOn),
        })}
        ${placedFindings(findingsAt(editing.findings, "/walletAssertions"))}
      </div>
      <div data-pointer="/unlistedPrograms">
        ${switchField({
          name: "/unlistedPrograms",
          label: "Let programs run that are not listed",
          hint: "Any program, with anything, at your cost: only the sponsor's own keys are kept out. For tests, rarely for more.",
          isChecked: unlistedPrograms === true,
          onChange: (isOn) => editing.set(["unlistedPrograms"], isOn ? true : undefined),
        })}
        ${placedFindings(findingsAt(editing.findings, "/unlistedPrograms"))}
      </div>
      ${tableFields(editing)}`,
  });
}

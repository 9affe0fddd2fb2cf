import { html, nothing, type TemplateResult } from "lit";
import { formatAmount } from "../../../format/amounts.ts";
import { panel } from "../../../ui/layout.ts";
import { switchField } from "../../../ui/field.ts";
import { TOKEN_ACCOUNT_RENT } from "../model/amounts.ts";
import { type SponsorSwitch, switchesOf } from "../model/catalogue.ts";
import { findingsAt } from "../model/findings.ts";
import { isObject } from "../model/pointer.ts";
import { placedFindings } from "../view/findings.ts";
import { type Editing, listAt } from "./editing.ts";
import { amountField } from "./limit-fields.ts";

const isRole = ({ program, role }: SponsorSwitch, given: unknown): boolean =>
  isObject(given) && given["program"] === program && given["role"] === role;

function setRoles(editing: Editing, roles: readonly unknown[]): void {
  editing.set(["sponsorRoles"], roles.length === 0 ? undefined : roles);
}

function roleSwitch(editing: Editing, each: SponsorSwitch): TemplateResult {
  const roles = listAt(editing.document, ["sponsorRoles"]);
  const { program, programName, role, instructions } = each;
  return switchField({
    name: `/sponsorRoles/${program}/${role}`,
    label: `${role} in ${programName}`,
    hint: instructions.join(", "),
    isChecked: roles.some((given) => isRole(each, given)),
    onChange: (isOn) => {
      const others = roles.filter((given) => !isRole(each, given));
      setRoles(editing, isOn ? [...others, { program, role }] : others);
    },
  });
}

/** Rent, and every place in which the sponsor may stand: all of it off until it is turned on. */
export function sponsorFields(editing: Editing): TemplateResult {
  const { document, network, findings, programs } = editing;
  const switches = switchesOf(programs);
  const paysRent = document["maxRent"] !== undefined;
  const toggleRent = (isOn: boolean) => editing.set(["maxRent"], isOn ? TOKEN_ACCOUNT_RENT : undefined);
  return panel({
    title: "Rent, and where the sponsor may stand",
    lead: "Otherwise the sponsor pays the fee alone and stands in no instruction.",
    body: html`<div data-pointer="/sponsorRoles">${placedFindings(findingsAt(findings, "/sponsorRoles"))}</div>
      ${switchField({
        name: "pays-rent",
        label: "Pay rent for the user",
        hint: html`An account stays as long as its deposit does. That of one token account is
          ${formatAmount(network, TOKEN_ACCOUNT_RENT)}; whoever closes it gets that back. It counts against the
          <a href=${editing.budgetsLink}>budget of rent</a>, which there has to be.`,
        isChecked: paysRent,
        onChange: toggleRent,
      })}
      ${paysRent ? html`<div class="limits">${amountField(editing, "maxRent", "Rent in one transaction")}</div>` : nothing}
      <fieldset class="places" data-pointer="/sponsorRoles">
        <legend>Roles that take rent from the sponsor</legend>
        ${placedFindings(findingsAt(findings, "/sponsorRoles"))}
        ${switches.filter((each) => each.paysRent).map((each) => roleSwitch(editing, each))}
      </fieldset>
      <fieldset class="places">
        <legend>Roles that only give something back to it</legend>
        ${switches.filter((each) => !each.paysRent).map((each) => roleSwitch(editing, each))}
      </fieldset>`,
  });
}

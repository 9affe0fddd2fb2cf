import { html, nothing, type TemplateResult } from "lit";
import { button } from "../../../ui/button.ts";
import { checkField, selectField } from "../../../ui/field.ts";
import { findInstruction, type Instruction } from "../model/catalogue.ts";
import { findingsAt } from "../model/findings.ts";
import { isObject, type Json, type Path, pointerOf } from "../model/pointer.ts";
import { sayInstruction } from "../model/say-solana.ts";
import { findingCount, placedFindings } from "../view/findings.ts";
import { sentence } from "../view/words.ts";
import { type Editing, listAt, objectAt } from "./editing.ts";
import { addPredicate, predicateFields } from "./predicate-fields.ts";

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** One allowed instruction: its sentence, and behind it what its accounts and arguments must be. */
export function solanaEntry(editing: Editing, entry: Json, index: number): TemplateResult {
  const { programs, findings, network } = editing;
  const path: Path = ["allow", index];
  const pointer = pointerOf(path);
  const instruction = findInstruction(programs, entry["program"], entry["instruction"]);
  const found = findingsAt(findings, pointer);
  const about = text(entry["instruction"]);
  return html`<details class="entry" data-pointer=${pointer}>
    <summary>
      <span>${sentence(sayInstruction(entry, network))}</span>
      ${findingCount(found)}
    </summary>
    <div class="entry-body">
      ${placedFindings(found.filter((finding) => !isAtField(finding.pointer, pointer)))}
      ${
        instruction
          ? nothing
          : html`<p class="note warn">No table tells this instruction apart: its conditions are edited in the JSON.</p>`
      }
      ${accountFields(editing, path, instruction)} ${argumentFields(editing, path, entry, instruction)}
      ${button({
        label: "Do not sponsor it",
        icon: "trash",
        kind: "plain",
        about: `: ${about}`,
        onClick: () => editing.set(path, undefined),
      })}
    </div>
  </details>`;
}

/** Those are told at their field. */
const isAtField = (pointer: string, entry: string): boolean =>
  /^\/arguments\/[^/]+\/./.test(pointer.slice(entry.length));

/** Each account of the instruction: anybody, the signed-in wallet, or what a condition says. */
function accountFields(editing: Editing, path: Path, instruction?: Instruction): TemplateResult {
  const bound = listAt(editing.document, [...path, "sessionWalletIs"]).map(String);
  const conditions = objectAt(editing.document, [...path, "accounts"]);
  const roles = [...new Set([...(instruction?.accounts ?? []), ...bound, ...Object.keys(conditions)])];
  if (roles.length === 0) return html`<p class="soft">This instruction names no accounts.</p>`;
  return html`<fieldset class="places">
    <legend>Accounts</legend>
    ${roles.map((role) => {
      const here = [...path, "accounts", role];
      return html`<div class="place" data-pointer=${pointerOf(here)}>
        <code>${role}</code>
        <div class="actions">
          ${checkField({
            name: `${pointerOf(path)}/sessionWalletIs/${role}`,
            label: "must be the signed-in wallet",
            isChecked: bound.includes(role),
            onChange: (isBound) => {
              const rest = bound.filter((each) => each !== role);
              const next = isBound ? [...rest, role] : rest;
              editing.set([...path, "sessionWalletIs"], next.length === 0 ? undefined : next);
            },
          })}
          ${
            Object.hasOwn(conditions, role)
              ? nothing
              : button({
                  label: "Add a condition",
                  icon: "plus",
                  kind: "plain",
                  about: `on the account ${role}`,
                  onClick: () => addPredicate(editing, here, "publicKey"),
                })
          }
        </div>
        ${
          Object.hasOwn(conditions, role)
            ? predicateFields({ editing, path: here, predicate: conditions[role], subject: role, type: "publicKey" })
            : nothing
        }
      </div>`;
    })}
  </fieldset>`;
}

function argumentFields(editing: Editing, path: Path, entry: Json, instruction?: Instruction): TemplateResult {
  const conditions = isObject(entry["arguments"]) ? entry["arguments"] : {};
  const types = new Map((instruction?.arguments ?? []).map(({ name, type }) => [name, type]));
  const free = [...types].filter(([name, type]) => !Object.hasOwn(conditions, name) && !/^(?:vec|rest)/.test(type));
  if (types.size === 0 && Object.keys(conditions).length === 0) {
    return html`<p class="soft">This instruction has no arguments.</p>`;
  }
  return html`<fieldset class="places">
    <legend>Arguments</legend>
    ${Object.entries(conditions).map(([name, predicate]) => {
      const here = [...path, "arguments", name];
      return html`<div class="place" data-pointer=${pointerOf(here)}>
        <code>${name}<small>${types.get(name) ?? "unknown"}</small></code>
        ${predicateFields({ editing, path: here, predicate, subject: name, type: types.get(name) ?? "string" })}
      </div>`;
    })}
    ${
      free.length === 0
        ? nothing
        : selectField({
            name: `${pointerOf(path)}/arguments`,
            label: "Demand something of another argument",
            value: "",
            options: [
              { value: "", label: "Choose an argument" },
              ...free.map(([name, type]) => ({ value: name, label: `${name}: ${type}` })),
            ],
            onChange: (name) => {
              if (name !== "") addPredicate(editing, [...path, "arguments", name], types.get(name) ?? "string");
            },
          })
    }
  </fieldset>`;
}

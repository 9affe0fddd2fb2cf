import { html, nothing, type TemplateResult } from "lit";
import { button } from "../../../ui/button.ts";
import { checkField, selectField } from "../../../ui/field.ts";
import type { Instruction } from "../model/catalogue.ts";
import { findingsAt } from "../model/findings.ts";
import { isObject, type Json, type Path, plainText, pointerOf } from "../model/pointer.ts";
import { linesOf } from "../model/predicate.ts";
import { sayTransaction } from "../model/say-algorand.ts";
import { findingCount, placedFindings } from "../view/findings.ts";
import { sentence } from "../view/words.ts";
import { type Editing, listAt } from "./editing.ts";
import { parsedField } from "./parsed-field.ts";
import { addPredicate, predicateFields } from "./predicate-fields.ts";

const COMPLETIONS = ["no-op", "opt-in", "close-out", "clear-state", "delete-application"] as const;

/** One kind of transaction: its sentence, and behind it on what conditions. */
export function algorandEntry(
  editing: Editing,
  entry: Json,
  index: number,
  kind: Instruction | undefined,
): TemplateResult {
  const path: Path = ["allow", index];
  const pointer = pointerOf(path);
  const found = findingsAt(editing.findings, pointer);
  const isCall = entry["transaction"] === "application-call";
  return html`<details class="entry" data-pointer=${pointer}>
    <summary><span>${sentence(sayTransaction(entry, editing.network))}</span>${findingCount(found)}</summary>
    <div class="entry-body">
      ${placedFindings(found)} ${isCall ? callFields(editing, path, entry) : nothing}
      ${conditionFields(editing, path, entry, kind)} ${libertyFields(editing, path, entry)}
      ${button({
        label: "Do not sponsor it",
        icon: "trash",
        kind: "plain",
        about: `: entry ${index + 1}`,
        onClick: () => editing.set(path, undefined),
      })}
    </div>
  </details>`;
}

function callFields(editing: Editing, path: Path, entry: Json): TemplateResult {
  const completions = new Set(listAt(entry, ["onComplete"]).map(String));
  const setCompletion = (each: string, isOn: boolean) => {
    const next = COMPLETIONS.filter((known) => (known === each ? isOn : completions.has(known)));
    editing.set([...path, "onComplete"], next.length === 0 ? undefined : next);
  };
  return html`<div class="limits">
      ${parsedField({
        name: `${pointerOf(path)}/application`,
        label: "Application",
        value: entry["application"],
        show: plainText,
        read: (typed) => typed.trim(),
        onValue: (value) => editing.set([...path, "application"], value),
        hint: "Its number on this network.",
        isMono: true,
      })}
      ${parsedField({
        name: `${pointerOf(path)}/methods`,
        label: "Methods, one a line",
        value: entry["methods"],
        show: (value) => (Array.isArray(value) ? value.map(String).join("\n") : ""),
        read: (typed) => {
          const lines = linesOf(typed);
          return lines.length === 0 ? undefined : lines;
        },
        onValue: (value) => editing.set([...path, "methods"], value),
        hint: html`Signatures such as <code>add(uint64,uint64)uint64</code>, or the 8 hex digits of a selector.`,
        rows: 3,
        isMono: true,
      })}
    </div>
    ${checkField({
      name: `${pointerOf(path)}/bare`,
      label: "Calls without arguments as well",
      isChecked: entry["bare"] === true,
      onChange: (isOn) => editing.set([...path, "bare"], isOn ? true : undefined),
    })}
    <fieldset class="places">
      <legend>What the call may do beside running it</legend>
      <p class="soft">Where nothing is chosen: no-op alone.</p>
      ${COMPLETIONS.map((each) =>
        checkField({
          name: `${pointerOf(path)}/onComplete/${each}`,
          label: each,
          isChecked: completions.has(each),
          onChange: (isOn) => setCompletion(each, isOn),
        }),
      )}
    </fieldset>`;
}

function conditionFields(editing: Editing, path: Path, entry: Json, kind: Instruction | undefined): TemplateResult {
  const conditions = isObject(entry["arguments"]) ? entry["arguments"] : {};
  const types = new Map((kind?.arguments ?? []).map(({ name, type }) => [name, type]));
  const free = [...types].filter(([name]) => !Object.hasOwn(conditions, name));
  return html`<fieldset class="places">
    <legend>Conditions</legend>
    ${Object.entries(conditions).map(([name, predicate]) => {
      const here = [...path, "arguments", name];
      return html`<div class="place" data-pointer=${pointerOf(here)}>
        <code>${name}</code>
        ${predicateFields({ editing, path: here, predicate, subject: name, type: types.get(name) ?? "string" })}
      </div>`;
    })}
    ${
      free.length === 0
        ? nothing
        : selectField({
            name: `${pointerOf(path)}/arguments`,
            label: "Demand something of a field",
            value: "",
            options: [{ value: "", label: "Choose a field" }, ...free.map(([name]) => ({ value: name, label: name }))],
            onChange: (name) => {
              if (name !== "") addPredicate(editing, [...path, "arguments", name], types.get(name) ?? "string");
            },
          })
    }
  </fieldset>`;
}

function libertyFields(editing: Editing, path: Path, entry: Json): TemplateResult {
  const kind = String(entry["transaction"]);
  const closes = kind === "payment" || kind === "asset-transfer";
  const liberties = [
    ["anySender", "Others who sign may send it too", "Else the signed-in user's wallets alone."],
    ...(closes
      ? [
          [
            "allowClose",
            "It may close the sender's balance",
            "All that is left goes to the address that it names.",
          ] as const,
        ]
      : []),
    ["allowRekey", "It may hand the account to another key", "Whoever has that key owns the account afterwards."],
  ] as const;
  return html`<fieldset class="places">
    <legend>Liberties</legend>
    ${liberties.map(([name, label, hint]) =>
      checkField({
        name: `${pointerOf(path)}/${name}`,
        label,
        hint,
        isChecked: entry[name] === true,
        onChange: (isOn) => editing.set([...path, name], isOn ? true : undefined),
      }),
    )}
  </fieldset>`;
}

import { html, type TemplateResult } from "lit";
import { button } from "../../../ui/button.ts";
import { confirm } from "../../../ui/confirm.ts";
import { shortCode } from "../../../ui/copy.ts";
import { panel } from "../../../ui/layout.ts";
import { findingsAt } from "../model/findings.ts";
import { isObject, type Json, pointerOf, removeAt, setAt } from "../model/pointer.ts";
import { placedFindings } from "../view/findings.ts";
import { type Editing, listAt } from "./editing.ts";

const text = (value: unknown): string => (typeof value === "string" ? value : "");

async function removeProgram(editing: Editing, index: number, program: Json): Promise<void> {
  const name = text(program["name"]);
  const address = program["address"];
  const isSure = await confirm({
    heading: `Remove ${name}?`,
    body: "Its instructions can then no longer be told apart. What is sponsored of it goes too.",
    action: "Remove it",
    isDangerous: true,
  });
  if (!isSure) return;
  editing.change((document) => {
    const left = listAt(document, ["allow"]).filter((entry) => !isObject(entry) || entry["program"] !== address);
    return removeAt(setAt(document, ["allow"], left), ["programs", index]);
  });
}

function programRow(editing: Editing, program: Json, index: number): TemplateResult {
  const instructions = listAt(program, ["instructions"]).filter(isObject);
  const pointer = pointerOf(["programs", index]);
  return html`<details class="entry" data-pointer=${pointer}>
    <summary><span>${text(program["name"])} · ${instructions.length} instructions</span></summary>
    <div class="entry-body">
      ${placedFindings(findingsAt(editing.findings, pointer))} ${shortCode(text(program["address"]), "address", 8)}
      <ul class="shapes">
        ${instructions.map((instruction) => {
          const fields = listAt(instruction, ["arguments"]).filter(isObject);
          return html`<li>
            <code>${text(instruction["name"])}</code> begins with <code>${text(instruction["discriminator"])}</code>
            <small>
              (${fields.map((field) => `${text(field["name"])}: ${text(field["type"])}`).join(", ")}) on
              ${listAt(instruction, ["accounts"]).map(text).join(", ") || "no accounts"}
            </small>
          </li>`;
        })}
      </ul>
      ${button({
        label: "Remove the program",
        icon: "trash",
        kind: "plain",
        onClick: () => removeProgram(editing, index, program),
      })}
    </div>
  </details>`;
}

/** The project's own programs: how their instructions are told apart and read. */
export const programFields = (editing: Editing, onAdd: () => void): TemplateResult =>
  panel({
    title: "Own programs",
    lead: "A program that is not built in has to be described before its instructions can be sponsored.",
    actions: button({ label: "Add a program", icon: "plus", onClick: onAdd }),
    body: html`${listAt(editing.document, ["programs"])
      .filter(isObject)
      .map((program, index) => programRow(editing, program, index))}`,
  });

import { html, type TemplateResult } from "lit";
import { AppElement } from "../../../app/element.ts";
import { button } from "../../../ui/button.ts";
import { dialog } from "../../../ui/dialog.ts";
import { textField } from "../../../ui/field.ts";
import { type Instruction, type Program, searchPrograms } from "../model/catalogue.ts";

/** So many programs are listed before one has to search. */
const SHOWN = 12;

/** Finds instructions in the catalogue; those that are chosen are put into the allowlist. */
class CatalogueDialogElement extends AppElement {
  static override properties = {
    programs: { attribute: false },
    isOpen: { attribute: false },
    onClose: { attribute: false },
    onChoose: { attribute: false },
    query: { state: true },
    chosen: { state: true },
  };
  declare programs: readonly Program[];
  declare isOpen: boolean;
  declare onClose: () => void;
  declare onChoose: (program: string, instruction: string) => void;
  declare private query: string;
  declare private chosen: readonly string[];

  constructor() {
    super();
    this.query = "";
    this.chosen = [];
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("isOpen")) this.chosen = [];
  }

  protected override render(): TemplateResult {
    return dialog({
      heading: "Add instructions",
      isOpen: this.isOpen,
      isWide: true,
      onClose: this.onClose,
      body: () => this.#body(),
    });
  }

  #body(): TemplateResult {
    const found = searchPrograms(this.programs, this.query);
    const count = found.reduce((sum, { instructions }) => sum + instructions.length, 0);
    return html`${textField({
        name: "catalogue-search",
        label: "Search",
        type: "search",
        value: this.query,
        placeholder: "transfer, memo, mint, an address…",
        onInput: (query) => (this.query = query),
      })}
      <p class="small" role="status">
        ${
          count === 0
            ? "Nothing like it. A program that is not built in is added under “Own programs”."
            : `${count} ${count === 1 ? "instruction" : "instructions"} in ${found.length} ${found.length === 1 ? "program" : "programs"}`
        }
      </p>
      <div class="catalogue">
        ${found.slice(0, SHOWN).map((program) => this.#program(program, this.query !== "" || found.length === 1))}
      </div>
      <div class="actions">${button({ label: "Done", kind: "primary", onClick: this.onClose })}</div>`;
  }

  #program({ address, name, instructions }: Program, isOpen: boolean): TemplateResult {
    return html`<details class="entry" ?open=${isOpen}>
      <summary>
        <span>${name} <small>${instructions.length}</small></span>
      </summary>
      <ul>
        ${instructions.map((instruction) => this.#instruction(address, instruction))}
      </ul>
    </details>`;
  }

  #instruction(address: string, { name, arguments: fields, accounts }: Instruction): TemplateResult {
    const id = `${address} ${name}`;
    const isChosen = this.chosen.includes(id);
    return html`<li>
      <div>
        <code>${name}</code>
        <small>
          ${fields.length > 0 ? fields.map((field) => `${field.name}: ${field.type}`).join(", ") : "no arguments"} · on
          ${accounts.join(", ") || "no accounts"}
        </small>
      </div>
      ${button({
        label: isChosen ? "Added" : "Add",
        icon: isChosen ? "check" : "plus",
        about: name,
        onClick: () => {
          this.chosen = [...this.chosen, id];
          this.onChoose(address, name);
        },
      })}
    </li>`;
  }
}

customElements.define("catalogue-dialog", CatalogueDialogElement);

import { html, type TemplateResult } from "lit";
import { AppElement } from "../../../app/element.ts";
import { button } from "../../../ui/button.ts";
import { checkField, textField } from "../../../ui/field.ts";
import {
  EMPTY_INSTRUCTION,
  faultsOfInstruction,
  FIELD_TYPES,
  readInstruction,
  type WrittenInstruction,
} from "../model/own-program.ts";
import type { Json } from "../model/pointer.ts";

const ADDRESS = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;

/** A program described by hand, for those without an IDL. */
class WrittenProgramElement extends AppElement {
  static override properties = {
    onProgram: { attribute: false },
    name: { state: true },
    address: { state: true },
    instructions: { state: true },
    isTried: { state: true },
  };
  declare onProgram: (program: Json) => void;
  declare private name: string;
  declare private address: string;
  declare private instructions: readonly WrittenInstruction[];
  declare private isTried: boolean;

  constructor() {
    super();
    this.name = "";
    this.address = "";
    this.instructions = [EMPTY_INSTRUCTION];
    this.isTried = false;
  }

  get #faults(): { readonly name: string | undefined; readonly address: string | undefined } {
    return {
      name: this.name.trim() === "" ? "A name, as it is told to people." : undefined,
      address: ADDRESS.test(this.address.trim()) ? undefined : "The base58 address of the program.",
    };
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    this.isTried = true;
    const isWrong =
      Object.values(this.#faults).some((fault) => fault !== undefined) ||
      this.instructions.some((each) => Object.keys(faultsOfInstruction(each)).length > 0);
    if (isWrong) {
      await this.updateComplete;
      this.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      return;
    }
    const instructions = this.instructions.map(readInstruction);
    this.onProgram({ address: this.address.trim(), name: this.name.trim(), instructions });
  };

  protected override render(): TemplateResult {
    const faults = this.isTried ? this.#faults : { name: undefined, address: undefined };
    return html`<form class="form wide" novalidate @submit=${this.#submit}>
      <div class="limits">
        ${textField({
          name: "program-name",
          label: "Name",
          value: this.name,
          maxLength: 64,
          error: faults.name,
          onInput: (name) => (this.name = name),
        })}
        ${textField({
          name: "program-address",
          label: "Address",
          value: this.address,
          isMono: true,
          error: faults.address,
          onInput: (address) => (this.address = address),
        })}
      </div>
      ${this.instructions.map((each, index) => this.#instruction(each, index))}
      <div class="actions">
        ${button({
          label: "Another instruction",
          icon: "plus",
          onClick: () => (this.instructions = [...this.instructions, EMPTY_INSTRUCTION]),
        })}
        ${button({ label: "Go on", kind: "primary", type: "submit" })}
      </div>
    </form>`;
  }

  #instruction(written: WrittenInstruction, index: number): TemplateResult {
    const faults = this.isTried ? faultsOfInstruction(written) : {};
    const set = (change: Partial<WrittenInstruction>) => {
      this.instructions = this.instructions.with(index, { ...written, ...change });
    };
    return html`<fieldset class="places">
      <legend>Instruction ${index + 1}</legend>
      <div class="limits">
        ${textField({
          name: `instruction-${index}-name`,
          label: "Name",
          value: written.name,
          error: faults.name,
          onInput: (name) => set({ name }),
        })}
        ${textField({
          name: `instruction-${index}-discriminator`,
          label: "Discriminator",
          value: written.discriminator,
          isMono: true,
          error: faults.discriminator,
          hint: "The first bytes of its data, in hex.",
          onInput: (discriminator) => set({ discriminator }),
        })}
        ${textField({
          name: `instruction-${index}-arguments`,
          label: "Arguments, one a line",
          value: written.arguments,
          rows: 3,
          isMono: true,
          error: faults.arguments,
          hint: `In their order, such as amount: u64. Types: ${FIELD_TYPES.join(", ")}.`,
          onInput: (fields) => set({ arguments: fields }),
        })}
        ${textField({
          name: `instruction-${index}-accounts`,
          label: "Accounts, one a line",
          value: written.accounts,
          rows: 3,
          isMono: true,
          error: faults.accounts,
          hint: "In their order.",
          onInput: (accounts) => set({ accounts }),
        })}
      </div>
      ${checkField({
        name: `instruction-${index}-more`,
        label: "Further accounts may follow",
        isChecked: written.moreAccounts,
        onChange: (moreAccounts) => set({ moreAccounts }),
      })}
    </fieldset>`;
  }
}

customElements.define("written-program", WrittenProgramElement);

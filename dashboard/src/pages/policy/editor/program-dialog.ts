import { html, nothing, type TemplateResult } from "lit";
import type { IdlReading } from "../../../../../bff/src/contract/manage/policies.ts";
import { AppElement } from "../../../app/element.ts";
import { button } from "../../../ui/button.ts";
import { dialog } from "../../../ui/dialog.ts";
import { checkField, textField } from "../../../ui/field.ts";
import { fileField } from "../../../ui/file-field.ts";
import { problemNote } from "../../../ui/states.ts";
import { tabs } from "../../../ui/tabs.ts";
import { isObject, type Json } from "../model/pointer.ts";
import { listAt } from "./editing.ts";
import "./written-program.ts";

/** What was read, with the instructions that are to be sponsored. */
export interface ChosenProgram {
  readonly program: Json;
  readonly allowed: readonly string[];
}

/** The largest file that is read: the API takes 64 KiB. */
const MAX_BYTES = 64_000;

/** Describes a program of the project's own: from its IDL, or by hand. */
class ProgramDialogElement extends AppElement {
  static override properties = {
    network: { attribute: false },
    isOpen: { attribute: false },
    onClose: { attribute: false },
    onChoose: { attribute: false },
    way: { state: true },
    text: { state: true },
    address: { state: true },
    isBusy: { state: true },
    problem: { state: true },
    reading: { state: true },
    allowed: { state: true },
  };
  declare network: string;
  declare isOpen: boolean;
  declare onClose: () => void;
  declare onChoose: (chosen: ChosenProgram) => void;
  declare private way: string;
  declare private text: string;
  declare private address: string;
  declare private isBusy: boolean;
  declare private problem: unknown;
  declare private reading: IdlReading | undefined;
  declare private allowed: readonly string[];

  constructor() {
    super();
    this.way = "idl";
    this.#clear();
  }

  #clear(): void {
    this.text = "";
    this.address = "";
    this.isBusy = false;
    this.problem = undefined;
    this.reading = undefined;
    this.allowed = [];
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("isOpen") && !this.isOpen) this.#clear();
  }

  protected override render(): TemplateResult {
    const { isOpen, onClose } = this;
    return dialog({ heading: "Add a program", isOpen, isWide: true, onClose, body: () => this.#body() });
  }

  #body(): TemplateResult {
    if (this.reading) return this.#readingBody(this.reading);
    return html`${tabs({
      label: "Ways to describe it",
      tabs: [
        { id: "idl", label: "From its IDL" },
        { id: "hand", label: "By hand" },
      ],
      current: this.way,
      onSelect: (way) => (this.way = way),
      body:
        this.way === "idl"
          ? this.#idlBody()
          : html`<written-program
              .onProgram=${(program: Json) => this.#take({ program, skipped: [] })}
            ></written-program>`,
    })}`;
  }

  #idlBody(): TemplateResult {
    return html`<form class="form wide" novalidate @submit=${this.#read}>
      ${this.problem === undefined ? nothing : problemNote(this.problem)}
      ${fileField({
        id: "idl-file",
        label: "Choose the IDL's file",
        accept: ".json,application/json",
        onFile: (file) => this.#load(file),
      })}
      ${textField({
        name: "idl-text",
        label: "Or paste it",
        hint: "The JSON that Anchor or Codama writes. It is read here and by the API, and kept nowhere.",
        value: this.text,
        rows: 8,
        isMono: true,
        onInput: (text) => (this.text = text),
      })}
      ${textField({
        name: "idl-address",
        label: "Address of the program",
        hint: "Where the IDL does not name it.",
        value: this.address,
        isMono: true,
        isRequired: false,
        onInput: (address) => (this.address = address),
      })}
      <div class="actions">
        ${button({
          label: "Read it",
          kind: "primary",
          type: "submit",
          isBusy: this.isBusy,
          blocked: this.text.trim() === "" ? "Give the IDL first." : undefined,
        })}
      </div>
    </form>`;
  }

  async #load(file: File): Promise<void> {
    if (file.size > MAX_BYTES) {
      this.problem = new Error(`${file.name} is larger than 64 KB. Take out what is not about instructions.`);
      return;
    }
    this.problem = undefined;
    this.text = await file.text();
  }

  readonly #read = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    let idl: unknown;
    try {
      idl = JSON.parse(this.text);
    } catch (fault) {
      this.problem = new Error(`This is no JSON: ${fault instanceof Error ? fault.message : "it cannot be read"}`);
      return;
    }
    if (!isObject(idl)) {
      this.problem = new Error("An IDL is a JSON object.");
      return;
    }
    const address = this.address.trim();
    this.isBusy = true;
    try {
      const params = { projectId: this.app.project?.id ?? "", network: this.network };
      const body = { idl, ...(address !== "" && { programAddress: address }) };
      this.#take(await this.app.api.call("readIdl", { params, body }));
    } catch (thrown) {
      this.problem = thrown;
    }
    this.isBusy = false;
  };

  #take(reading: IdlReading): void {
    this.problem = undefined;
    this.reading = reading;
    this.allowed = [];
  }

  #readingBody({ program, skipped }: IdlReading): TemplateResult {
    const names = listAt(program, ["instructions"]).flatMap((each) => (isObject(each) ? [String(each["name"])] : []));
    return html`<p>
        <b>${String(program["name"])}</b> at <code>${String(program["address"])}</code>. Choose what is to be sponsored;
        on what conditions is set in the editor.
      </p>
      <fieldset class="field">
        <legend>Instructions</legend>
        ${names.map((name) =>
          checkField({
            name: `take-${name}`,
            label: name,
            isChecked: this.allowed.includes(name),
            onChange: (isOn) =>
              (this.allowed = isOn ? [...this.allowed, name] : this.allowed.filter((each) => each !== name)),
          }),
        )}
      </fieldset>
      ${
        skipped.length === 0
          ? nothing
          : html`<div class="note warn">
              <p><b>Left out, and refused:</b> their data cannot be read to the last byte.</p>
              <ul>
                ${skipped.map(({ instruction, reason }) => html`<li><code>${instruction}</code>: ${reason}</li>`)}
              </ul>
            </div>`
      }
      <div class="actions">
        ${button({
          label: "Add it",
          kind: "primary",
          onClick: () => this.onChoose({ program, allowed: this.allowed }),
        })}
        ${button({ label: "Back", kind: "plain", onClick: () => (this.reading = undefined) })}
      </div>`;
  }
}

customElements.define("program-dialog", ProgramDialogElement);

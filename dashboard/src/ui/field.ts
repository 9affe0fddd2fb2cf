import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { prose } from "./prose.ts";

interface FieldOptions {
  /** Of the form; unique on the page. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string | TemplateResult | undefined;
  readonly error?: string | undefined;
  readonly isRequired?: boolean;
  /** Why it cannot be changed. */
  readonly blocked?: string | undefined;
}

interface TextOptions extends FieldOptions {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: "text" | "search" | "url" | "number" | "datetime-local" | "password";
  readonly placeholder?: string;
  /** More than one line. */
  readonly rows?: number;
  /** For codes and addresses. */
  readonly isMono?: boolean;
  /** A unit behind the value. */
  readonly suffix?: string;
  readonly maxLength?: number;
}

interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly isDisabled?: boolean;
}

interface ChoiceOptions<Value extends string> extends FieldOptions {
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly onChange: (value: Value) => void;
}

interface CheckOptions extends FieldOptions {
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

const idOf = (name: string): string => `field-${name.replaceAll(/[^A-Za-z0-9]+/g, "-")}`;

function describedBy({ name, hint, error, blocked }: FieldOptions): string | typeof nothing {
  const ids = [error && "error", hint && "hint", blocked && "blocked"].filter(Boolean);
  return ids.length > 0 ? ids.map((part) => `${idOf(name)}-${part}`).join(" ") : nothing;
}

/** What is wrong, as a sentence: the API's, and most of ours, go on after the field's name. */
export const sayFault = (label: string, error: string): string =>
  /^[a-z]/.test(error) ? `${label} ${error.replace(/(?<![.!?])$/, ".")}` : error;

const notes = ({ name, label, hint, error, blocked }: FieldOptions): TemplateResult => html`
  ${hint ? html`<small class="hint" id="${idOf(name)}-hint">${hint}</small>` : nothing}
  ${error ? html`<small class="fault" id="${idOf(name)}-error">${prose(sayFault(label, error))}</small>` : nothing}
  ${blocked ? html`<small class="hint" id="${idOf(name)}-blocked">${blocked}</small>` : nothing}
`;

const labelOf = ({ name, label, isRequired }: FieldOptions): TemplateResult =>
  html`<label for=${idOf(name)}>${label}${isRequired === false ? html` <i>optional</i>` : nothing}</label>`;

const valueOf = (event: Event): string =>
  (event.target as HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement).value;

/** A line or more of text, a number, or a date. */
export function textField(options: TextOptions): TemplateResult {
  const { name, value, onInput, type = "text", placeholder = "", rows, isMono = false, suffix, maxLength } = options;
  const isNumber = type === "number";
  const input = rows
    ? html`<textarea
        id=${idOf(name)}
        name=${name}
        class=${isMono ? "mono" : ""}
        rows=${rows}
        spellcheck=${isMono ? "false" : "true"}
        placeholder=${placeholder}
        maxlength=${maxLength ?? nothing}
        .value=${live(value)}
        ?required=${options.isRequired === true}
        ?readonly=${options.blocked !== undefined}
        aria-invalid=${options.error ? "true" : nothing}
        aria-describedby=${describedBy(options)}
        @input=${(event: Event) => onInput(valueOf(event))}
      ></textarea>`
    : html`<input
        id=${idOf(name)}
        name=${name}
        class=${isMono ? "mono" : ""}
        type=${isNumber ? "text" : type}
        inputmode=${isNumber ? "numeric" : nothing}
        autocomplete="off"
        spellcheck=${isMono ? "false" : nothing}
        placeholder=${placeholder}
        maxlength=${maxLength ?? nothing}
        .value=${live(value)}
        ?required=${options.isRequired === true}
        ?readonly=${options.blocked !== undefined}
        aria-invalid=${options.error ? "true" : nothing}
        aria-describedby=${describedBy(options)}
        @input=${(event: Event) => onInput(valueOf(event))}
      />`;
  return html`<div class="field ${options.error ? "wrong" : ""}">
    ${labelOf(options)}
    ${suffix ? html`<span class="with-suffix">${input}<span class="suffix">${suffix}</span></span>` : input}
    ${notes(options)}
  </div>`;
}

/** One of several, folded away. */
export function selectField<Value extends string>(options: ChoiceOptions<Value>): TemplateResult {
  const { name, value, onChange } = options;
  return html`<div class="field ${options.error ? "wrong" : ""}">
    ${labelOf(options)}
    <span class="select">
      <select
        id=${idOf(name)}
        name=${name}
        .value=${live(value)}
        ?disabled=${options.blocked !== undefined}
        aria-invalid=${options.error ? "true" : nothing}
        aria-describedby=${describedBy(options)}
        @change=${(event: Event) => onChange(valueOf(event) as Value)}
      >
        ${options.options.map(
          (option) =>
            html`<option value=${option.value} ?selected=${option.value === value} ?disabled=${option.isDisabled}>
              ${option.label}
            </option>`,
        )}
      </select>
    </span>
    ${notes(options)}
  </div>`;
}

/** One of several, each with what it means. */
export function choiceField<Value extends string>(options: ChoiceOptions<Value>): TemplateResult {
  const { name, label, value, onChange, blocked } = options;
  return html`<fieldset class="field choice" aria-describedby=${describedBy(options)}>
    <legend>${label}</legend>
    ${options.options.map(
      (option) =>
        html`<label class="option">
          <input
            type="radio"
            name=${name}
            value=${option.value}
            .checked=${live(option.value === value)}
            ?disabled=${option.isDisabled || blocked !== undefined}
            @change=${() => onChange(option.value)}
          />
          <span>${option.label}${option.hint ? html`<small>${option.hint}</small>` : nothing}</span>
        </label>`,
    )}
    ${notes(options)}
  </fieldset>`;
}

function checkable(options: CheckOptions, role: "switch" | undefined): TemplateResult {
  const { name, label, isChecked, onChange, blocked } = options;
  return html`<div class="field check">
    <label class="option">
      <input
        type="checkbox"
        class=${role ?? ""}
        role=${role ?? nothing}
        name=${name}
        .checked=${live(isChecked)}
        ?disabled=${blocked !== undefined}
        aria-describedby=${describedBy(options)}
        @change=${(event: Event) => onChange((event.target as HTMLInputElement).checked)}
      />
      <span>${label}</span>
    </label>
    ${notes(options)}
  </div>`;
}

/** Yes or no, taken with the rest of a form. */
export const checkField = (options: CheckOptions): TemplateResult => checkable(options, undefined);

/** On or off, at once. */
export const switchField = (options: CheckOptions): TemplateResult => checkable(options, "switch");

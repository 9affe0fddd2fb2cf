import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { textField } from "../../../ui/field.ts";

interface ParsedOptions {
  readonly name: string;
  readonly label: string;
  readonly value: unknown;
  /** What the field shows of a value. */
  readonly show: (value: unknown) => string;
  /** What is meant by what was typed; always something, if only the text itself. */
  readonly read: (typed: string) => unknown;
  readonly onValue: (value: unknown) => void;
  readonly hint?: string | TemplateResult | undefined;
  readonly error?: string | undefined;
  readonly suffix?: string;
  readonly rows?: number;
  readonly isMono?: boolean;
  readonly maxLength?: number;
  readonly blocked?: string | undefined;
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** A field whose text is not its value: while "0.10" is typed it stays "0.10", although 0.1 is meant. */
class ParsedFieldElement extends LitElement {
  static override properties = { options: { attribute: false }, text: { state: true } };
  declare options: ParsedOptions;
  declare private text: string;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("options")) return;
    const { value, show, read } = this.options;
    if (this.text === undefined || !isSame(read(this.text), value)) this.text = show(value);
  }

  protected override render(): TemplateResult {
    const { name, label, hint, error, suffix, rows, isMono, maxLength, blocked } = this.options;
    return textField({
      name,
      label,
      value: this.text,
      hint,
      error,
      ...(suffix !== undefined && { suffix }),
      ...(rows !== undefined && { rows }),
      ...(isMono !== undefined && { isMono }),
      ...(maxLength !== undefined && { maxLength }),
      blocked,
      onInput: (typed) => {
        this.text = typed;
        this.options.onValue(this.options.read(typed));
      },
    });
  }
}

customElements.define("parsed-field", ParsedFieldElement);

export const parsedField = (options: ParsedOptions): TemplateResult =>
  html`<parsed-field .options=${options}></parsed-field>`;

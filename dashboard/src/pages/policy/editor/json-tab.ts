import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { button } from "../../../ui/button.ts";
import { textField } from "../../../ui/field.ts";
import { formatDocument, isSameDocument } from "../model/documents.ts";
import type { Finding, Place } from "../model/findings.ts";
import { locateNearest, placeOf } from "../model/locate.ts";
import { isObject, type Json } from "../model/pointer.ts";
import { findingList } from "../view/findings.ts";

/** The document as text: what is typed becomes the document as soon as it is JSON. */
class JsonTabElement extends LitElement {
  static override properties = {
    document: { attribute: false },
    findings: { attribute: false },
    isReadOnly: { attribute: false },
    onDocument: { attribute: false },
    onHalf: { attribute: false },
    text: { state: true },
    fault: { state: true },
  };
  declare document: Json;
  declare findings: readonly Finding[];
  declare isReadOnly: boolean;
  declare onDocument: (document: Json) => void;
  /** Told whenever the text has become no document, or one again. */
  declare onHalf: (isHalf: boolean) => void;
  declare private text: string;
  declare private fault: string | undefined;

  constructor() {
    super();
    this.text = "";
    this.isReadOnly = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues): void {
    // What is half typed stays; a change from elsewhere replaces it.
    if (changed.has("document") && !isSameDocument(this.#read(this.text), this.document)) {
      this.#takeBack();
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("fault")) this.onHalf(this.fault !== undefined);
  }

  #takeBack(): void {
    this.text = formatDocument(this.document);
    this.fault = undefined;
  }

  /** The document that the text is; undefined while it is none. */
  #read(text: string): Json | undefined {
    try {
      const parsed: unknown = JSON.parse(text);
      return isObject(parsed) ? parsed : undefined;
    } catch {
      return undefined;
    }
  }

  readonly #onInput = (text: string): void => {
    this.text = text;
    this.fault = undefined;
    try {
      const parsed: unknown = JSON.parse(text);
      if (isObject(parsed)) this.onDocument(parsed);
      else this.fault = "A policy is a JSON object: it begins with { and ends with }.";
    } catch (fault) {
      this.fault = `This is no JSON yet: ${fault instanceof Error ? fault.message : "it cannot be read"}`;
    }
  };

  /** Puts the cursor around what a finding is about. */
  show({ pointer }: Place): void {
    const area = this.querySelector("textarea");
    const span = locateNearest(this.text, pointer);
    if (!area || !span) return;
    area.focus();
    area.setSelectionRange(span.start, span.end);
    const { line } = placeOf(this.text, span.start);
    const lineHeight = area.scrollHeight / Math.max(1, this.text.split("\n").length);
    area.scrollTop = Math.max(0, (line - 4) * lineHeight);
  }

  protected override render(): TemplateResult {
    return html`<div class="json-tab">
      ${textField({
        name: "policy-json",
        label: "The policy in JSON",
        value: this.text,
        rows: 28,
        isMono: true,
        error: this.fault,
        blocked: this.isReadOnly ? "It is shown as it is." : undefined,
        onInput: this.#onInput,
      })}
      ${
        this.isReadOnly
          ? nothing
          : html`<div class="actions">
              ${button({
                label: this.fault === undefined ? "Put it in order" : "Back to what is saved",
                kind: "plain",
                onClick: () => this.#takeBack(),
              })}
            </div>`
      }
      ${
        // What was found in the last text that was a document says nothing of this one.
        this.findings.length === 0 || this.fault !== undefined
          ? nothing
          : findingList({
              findings: this.findings,
              // In a text a place is found by its pointer.
              sayPlace: (pointer) => html`<code>${pointer || "/"}</code>`,
              onShow: (finding) => this.show(finding),
            })
      }
    </div>`;
  }
}

customElements.define("json-tab", JsonTabElement);
export type { JsonTabElement };

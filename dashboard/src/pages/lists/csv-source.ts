import { html, nothing, type TemplateResult } from "lit";
import { button } from "../../ui/button.ts";
import { textField } from "../../ui/field.ts";
import { fileField } from "../../ui/file-field.ts";

interface SourceOptions {
  readonly csv: string;
  /** Undefined: it is pasted. */
  readonly fileName: string | undefined;
  /** Why the file that was chosen last is not there. */
  readonly fault: string | undefined;
  readonly onFile: (file: File) => unknown;
  readonly onText: (csv: string) => void;
  /** Another file, or none. */
  readonly onForget: () => void;
}

/** Where a CSV comes from: chosen, dropped or pasted. */
export function csvSource({ csv, fileName, fault, onFile, onText, onForget }: SourceOptions): TemplateResult {
  if (fileName !== undefined) {
    return html`<p class="actions">
      <b>${fileName}</b> ${button({ label: "Take another", kind: "plain", onClick: onForget })}
    </p>`;
  }
  return html`${fileField({
    id: "csv-file",
    label: "Choose a file",
    accept: ".csv,.tsv,.txt,text/csv,text/plain",
    onFile,
  })}
  ${fault === undefined ? nothing : html`<p class="note warn" role="alert">${fault}</p>`}
  ${textField({ name: "csv-text", label: "Or paste it", value: csv, rows: 5, isMono: true, onInput: onText })}`;
}

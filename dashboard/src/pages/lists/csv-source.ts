import { html, type TemplateResult } from "lit";
import { button } from "../../ui/button.ts";
import { textField } from "../../ui/field.ts";

interface SourceOptions {
  readonly csv: string;
  /** Undefined: it is pasted. */
  readonly fileName: string | undefined;
  readonly onFile: (file: File | undefined) => unknown;
  readonly onText: (csv: string) => void;
  /** Another file, or none. */
  readonly onForget: () => void;
}

/** While something is held over it, it shows that it takes it. */
const mark = (event: DragEvent, isOver: boolean): void => {
  event.preventDefault();
  (event.currentTarget as HTMLElement).classList.toggle("over", isOver);
};

/** Where a CSV comes from: chosen, dropped or pasted. */
export function csvSource({ csv, fileName, onFile, onText, onForget }: SourceOptions): TemplateResult {
  if (fileName !== undefined) {
    return html`<p class="actions">
      <b>${fileName}</b> ${button({ label: "Take another", kind: "plain", onClick: onForget })}
    </p>`;
  }
  return html`<div
      class="drop-zone"
      @dragover=${(event: DragEvent) => mark(event, true)}
      @dragleave=${(event: DragEvent) => mark(event, false)}
      @drop=${(event: DragEvent) => {
        mark(event, false);
        onFile(event.dataTransfer?.files[0]);
      }}
    >
      <label for="csv-file">Choose a file, or drop one here</label>
      <input
        id="csv-file"
        type="file"
        accept=".csv,.tsv,.txt,text/csv,text/plain"
        @change=${(event: Event) => onFile((event.target as HTMLInputElement).files?.[0])}
      />
    </div>
    ${textField({ name: "csv-text", label: "Or paste it", value: csv, rows: 5, isMono: true, onInput: onText })}`;
}

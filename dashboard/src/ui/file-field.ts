import { html, type TemplateResult } from "lit";
import { icon } from "./icons.ts";

interface FileOptions {
  /** Unique on the page. */
  readonly id: string;
  readonly label: string;
  /** As the browser's own dialog takes it: endings and types. */
  readonly accept: string;
  readonly onFile: (file: File) => unknown;
}

/** While something is held over it, it shows that it takes it. */
const mark = (event: DragEvent, isOver: boolean): void => {
  event.preventDefault();
  (event.currentTarget as HTMLElement).classList.toggle("over", isOver);
};

/** A file that is chosen or dropped: a button of ours for the browser's own field, which has the focus and the name. */
export function fileField({ id, label, accept, onFile }: FileOptions): TemplateResult {
  const take = (file: File | undefined) => file && onFile(file);
  const choose = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    take(input.files?.[0]);
    // The same file is chosen again after it was mended.
    input.value = "";
  };
  return html`<div
    class="file-field"
    @dragover=${(event: DragEvent) => mark(event, true)}
    @dragleave=${(event: DragEvent) => mark(event, false)}
    @drop=${(event: DragEvent) => {
      mark(event, false);
      take(event.dataTransfer?.files[0]);
    }}
  >
    <input id=${id} class="visually-hidden" type="file" accept=${accept} @change=${choose} />
    <label class="button" for=${id}>${icon("upload")}<span>${label}</span></label>
    <span class="soft" aria-hidden="true">or drop it here</span>
  </div>`;
}

import { html, nothing, type TemplateResult } from "lit";
import { dataTable } from "../../ui/table.ts";
import { type CsvPreview, entriesOf, MAX_NOTE_CHARS, type PreviewRow } from "./csv-preview.ts";

const faultList = ({ faults, faultCount }: CsvPreview): TemplateResult =>
  html`<div class="note warn" role="status">
    <p>
      ${faultCount === 1 ? "One line" : `${faultCount.toLocaleString("en")} lines`} would be refused, and the whole file
      with ${faultCount === 1 ? "it" : "them"}:
    </p>
    <ul class="line-faults">
      ${faults.map(({ line, fault }) => html`<li><b>Line ${line}</b> ${fault}</li>`)}
      ${faultCount > faults.length ? html`<li>and ${(faultCount - faults.length).toLocaleString("en")} more</li>` : nothing}
    </ul>
  </div>`;

/** A quote that is not closed makes a note of all that stands behind it. */
const shortNote = (note: string): string => (note.length > MAX_NOTE_CHARS ? `${note.slice(0, MAX_NOTE_CHARS)}…` : note);

const addressCell = ({ address, fault }: PreviewRow): TemplateResult =>
  fault === undefined
    ? html`<code>${address}</code>`
    : html`<span><code>${address}</code> <small class="fault">This line ${fault}.</small></span>`;

/** The first lines of a CSV as they will be taken, and those that will not. */
export function csvPreview(preview: CsvPreview): TemplateResult {
  const { rows, entries, hasHeader, faultCount, blocked } = preview;
  return html`
    ${blocked === undefined ? nothing : html`<p class="note warn" role="status">${blocked}</p>`}
    ${faultCount > 0 ? faultList(preview) : nothing}
    ${
      rows.length === 0
        ? nothing
        : html`<div class="csv-preview">
            <p class="soft" role="status">
              ${entriesOf(entries)}${hasHeader ? ", the first line names the columns" : ""}.
              ${entries > rows.length ? `The first ${rows.length} of them:` : ""}
            </p>
            ${dataTable<PreviewRow>({
              caption: "The first lines of the CSV",
              rows,
              key: ({ line }) => String(line),
              columns: [
                { key: "address", header: "Address", cell: addressCell },
                { key: "note", header: "Note", cell: ({ note }) => html`<span class="wrap">${shortNote(note)}</span>` },
                {
                  key: "expires",
                  header: "Ends",
                  cell: ({ expiresAt }) => expiresAt || html`<span class="soft">never</span>`,
                },
                { key: "line", header: "Line", isNumber: true, cell: ({ line }) => line },
              ],
            })}
          </div>`
    }
  `;
}

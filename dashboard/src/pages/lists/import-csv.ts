import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Job } from "../../../../bff/src/contract/manage/jobs.ts";
import { AppElement } from "../../app/element.ts";
import { createPolling } from "../../app/polling.ts";
import { button } from "../../ui/button.ts";
import { confirm } from "../../ui/confirm.ts";
import { choiceField } from "../../ui/field.ts";
import { panel } from "../../ui/layout.ts";
import { problemNote } from "../../ui/states.ts";
import { type CsvPreview, entriesOf, previewCsv } from "./csv-preview.ts";
import { csvPreview } from "./csv-preview-view.ts";
import { csvSource } from "./csv-source.ts";
import { hasEnded, importProgress } from "./import-progress.ts";
import { type ListName, LISTS } from "./list-kinds.ts";
import { createFileReader } from "./read-csv-file.ts";

const POLL_MS = 700;
type Mode = "add" | "replace";

/**
 * Imports a CSV into a list: read here first, then by a job that is followed to its end.
 * @fires list-imported - a job has ended, and the list may be another
 * @fires import-closed - the person is done with it
 */
export class ListImportElement extends AppElement {
  static override properties = {
    list: { attribute: false },
    network: { attribute: false },
    total: { attribute: false },
    csv: { state: true },
    fileName: { state: true },
    fault: { state: true },
    mode: { state: true },
    job: { state: true },
    problem: { state: true },
    isBusy: { state: true },
  };
  declare list: ListName;
  declare network: string;
  /** How many there are on the list now; undefined: not known yet. */
  declare total: number | undefined;
  declare private csv: string;
  /** Where it came from; undefined: it was pasted. */
  declare private fileName: string | undefined;
  /** Why the file that was chosen last is not there. */
  declare private fault: string | undefined;
  declare private mode: Mode;
  declare private job: Job | undefined;
  declare private problem: unknown;
  declare private isBusy: boolean;

  constructor() {
    super();
    this.list = "denylist";
    this.network = "";
    this.csv = "";
    this.mode = "add";
    this.isBusy = false;
    createPolling(this, {
      everyMs: POLL_MS,
      isWanted: () => this.job !== undefined && !hasEnded(this.job),
      run: () => this.#follow(),
    });
  }

  /** Ten thousand lines are read once, not with every press of a key. */
  #preview: CsvPreview | undefined;

  protected override willUpdate(changed: PropertyValues): void {
    const { csv, network } = this;
    if (!changed.has("csv") && !changed.has("network")) return;
    this.#preview = csv === "" ? undefined : previewCsv(csv, { network, nowMs: Date.now() });
  }

  readonly #files = createFileReader();

  get #projectId(): string {
    return this.app.project?.id ?? "";
  }

  async #follow(): Promise<void> {
    if (!this.job) return;
    this.job = await this.app.api.call("readJob", { params: { projectId: this.#projectId, jobId: this.job.id } });
    if (hasEnded(this.job)) this.dispatchEvent(new Event("list-imported"));
  }

  async #read(file: File): Promise<void> {
    const read = await this.#files.read(file);
    if (!read) return;
    this.#forget();
    if ("fault" in read) this.fault = read.fault;
    else {
      this.csv = read.csv;
      this.fileName = file.name;
    }
  }

  async #start(): Promise<void> {
    // What was asked about is what is sent, whatever the address says by then.
    const { list, network, csv, mode } = this;
    const { import: operation, replaceBody } = LISTS[list];
    if (
      mode === "replace" &&
      !(await confirm({
        heading: `Replace the ${list} of ${network}?`,
        body: `${this.total === undefined ? "" : `It has ${this.total.toLocaleString("en")} entries now. `}${replaceBody}`,
        action: "Replace the list",
        isDangerous: true,
      }))
    ) {
      return;
    }
    this.isBusy = true;
    this.problem = undefined;
    try {
      this.job = await this.app.api.call(operation, {
        params: { projectId: this.#projectId, network },
        body: { csv, mode },
      });
    } catch (thrown) {
      this.problem = thrown;
    }
    this.isBusy = false;
  }

  protected override render(): TemplateResult {
    return panel({
      title: "Import a CSV",
      lead: html`Columns <code>address</code>, <code>note</code>, <code>expires_at</code>; only the first is needed. At
        most 10,000 lines.`,
      actions: button({ label: "Close", kind: "plain", onClick: () => this.dispatchEvent(new Event("import-closed")) }),
      body: this.job ? this.#progress(this.job) : this.#input(),
    });
  }

  #input(): TemplateResult {
    const preview = this.#preview;
    const blocked =
      this.blocked(LISTS[this.list].import) ?? (preview ? preview.blocked : "Choose or paste a CSV first.");
    return html`
      ${csvSource({
        csv: this.csv,
        fileName: this.fileName,
        fault: this.fault,
        onFile: (file) => this.#read(file),
        onText: (csv) => {
          this.#forget();
          this.csv = csv;
        },
        onForget: () => this.#forget(),
      })}
      ${preview ? csvPreview(preview) : nothing}
      ${choiceField<Mode>({
        name: "import-mode",
        label: "What it does to the list",
        value: this.mode,
        options: [
          { value: "add", label: "Add", hint: "What is on the list already takes the file's note and end." },
          { value: "replace", label: "Replace", hint: LISTS[this.list].replaceBody },
        ],
        onChange: (mode) => (this.mode = mode),
      })}
      ${this.problem === undefined ? nothing : problemNote(this.problem)}
      <div class="actions">
        ${button({
          label: preview?.entries ? `Import ${entriesOf(preview.entries)}` : "Import",
          kind: "primary",
          icon: "upload",
          isBusy: this.isBusy,
          blocked,
          onClick: () => this.#start(),
        })}
      </div>
    `;
  }

  #progress(job: Job): TemplateResult {
    return importProgress({ job, projectId: this.#projectId, onAgain: () => this.#again(job) });
  }

  #forget(): void {
    this.#files.forget();
    this.csv = "";
    this.fileName = undefined;
    this.fault = undefined;
    this.problem = undefined;
  }

  /** A file that failed is there to be mended; one that went in is not imported twice by a slip. */
  #again({ state }: Job): void {
    this.job = undefined;
    if (state === "succeeded") this.#forget();
  }
}

customElements.define("list-import", ListImportElement);

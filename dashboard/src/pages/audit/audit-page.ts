import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { button } from "../../ui/button.ts";
import { pageHead, panel } from "../../ui/layout.ts";
import { noAccess } from "../../ui/no-access.ts";
import { createPager } from "../../ui/pager.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { toast, toastError } from "../../ui/toast.ts";
import { auditEntries } from "./audit-entries.ts";
import { download } from "./download.ts";
import { exportLog } from "./export-log.ts";
import "./audit.css";

export class AuditPageElement extends Page {
  static override properties = { exported: { state: true } };
  /** Lines so far; undefined: no export is running. */
  declare private exported: number | undefined;
  #isStopped = false;

  readonly #pager = createPager(this);
  readonly #entries = new Task(this, {
    args: () => [this.project.id, this.blocked("listProjectAudit") === undefined, this.#pager.cursor] as const,
    task: async ([projectId, mayRead, cursor], { signal }) =>
      mayRead ? this.app.api.call("listProjectAudit", { params: { projectId }, query: { cursor }, signal }) : undefined,
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#isStopped = true;
  }

  protected override render(): TemplateResult {
    const refused = this.blocked("listProjectAudit");
    return html`
      ${pageHead({
        title: "Audit log",
        lead: "Who changed what in this project. Entries are only ever added, and a job seals them into a chain of hashes: whoever alters one is found out.",
        actions: this.#exportButton(),
      })}
      ${panel({
        body:
          refused === undefined
            ? loaded(this.#entries, (page) =>
                page === undefined
                  ? html``
                  : page.data.length === 0
                    ? emptyState({
                        icon: "audit",
                        title: "Nothing has been changed yet",
                        body: "The first change of a key, a policy, a budget or a list stands here, with who made it.",
                      })
                    : html`${auditEntries(page.data)}${this.#pager.view(page.nextCursor)}`,
              )
            : noAccess(refused),
      })}
    `;
  }

  #exportButton(): TemplateResult {
    return this.exported === undefined
      ? button({
          label: "Export the sealed log",
          icon: "download",
          blocked: this.blocked("exportProjectAudit"),
          onClick: () => this.#export(),
        })
      : html`<span role="status">${this.exported.toLocaleString("en")} lines so far</span>
          ${button({ label: "Stop", onClick: () => (this.#isStopped = true) })}`;
  }

  async #export(): Promise<void> {
    const projectId = this.project.id;
    this.exported = 0;
    this.#isStopped = false;
    try {
      const { parts, lines, isComplete } = await exportLog({
        read: (after) => this.app.api.call("exportProjectAudit", { params: { projectId }, query: { after } }),
        onProgress: (count) => (this.exported = count),
        isStopped: () => this.#isStopped,
      });
      if (!isComplete) toast("The export was stopped before its end: nothing was saved.", "info");
      else if (lines === 0) toast("No entry has been sealed yet: a job does it each minute.", "info");
      else {
        download(parts, `audit-${projectId}.ndjson`, "application/x-ndjson");
        toast(`Saved ${lines.toLocaleString("en")} sealed entries.`);
      }
    } catch (thrown) {
      toastError(thrown);
    }
    this.exported = undefined;
  }
}

customElements.define("audit-page", AuditPageElement);

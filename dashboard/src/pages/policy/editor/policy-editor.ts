import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import { AppElement } from "../../../app/element.ts";
import { projectLink } from "../../../app/router.ts";
import { button } from "../../../ui/button.ts";
import { loaded } from "../../../ui/states.ts";
import { tabs } from "../../../ui/tabs.ts";
import { toast, toastError } from "../../../ui/toast.ts";
import { fitsForm } from "../model/documents.ts";
import type { Place } from "../model/findings.ts";
import type { Json } from "../model/pointer.ts";
import { isAlgorand } from "../model/say-policy.ts";
import { policyChanges } from "../view/changes.ts";
import { draftBar, HALF } from "./draft-bar.ts";
import { DraftSession } from "./draft-session.ts";
import type { Editing } from "./editing.ts";
import { editorDialogs, type OpenDialog } from "./editor-dialogs.ts";
import { findingsPanel } from "./findings-panel.ts";
import { algorandForm, solanaForm } from "./forms.ts";
import type { JsonTabElement } from "./json-tab.ts";
import { LeaveGuard } from "./leave-guard.ts";
import { showPlace } from "./show-place.ts";
import "./json-tab.ts";

type Tab = "form" | "json" | "changes";
const isTab = (name: string | undefined): name is Tab => name === "form" || name === "json" || name === "changes";

/** Changes a draft: as a form and as text, checked while it is typed and saved by itself. */
class PolicyEditorElement extends AppElement {
  static override properties = {
    network: {},
    draftId: {},
    again: {},
    view: {},
    at: {},
    tab: { state: true },
    open: { state: true },
    isHalf: { state: true },
    isKeeping: { state: true },
  };
  declare network: string;
  declare draftId: string;
  /** Where it goes on after publishing, as where the decision is explained again. */
  declare again: string | undefined;
  /** The tab that it begins with. */
  declare view: string | undefined;
  /** The place that it begins at, as a JSON pointer. */
  declare at: string | undefined;
  declare private tab: Tab;
  declare private open: OpenDialog | undefined;
  /** The text of the JSON view is no document yet. */
  declare private isHalf: boolean;
  declare private isKeeping: boolean;

  readonly #session = new DraftSession(this, {
    api: () => this.app.api,
    userId: () => this.app.user.id,
    place: () => ({ projectId: this.app.project?.id ?? "", network: this.network, draftId: this.draftId }),
    isReadOnly: () => this.#readOnly !== undefined,
  });

  readonly #loading = new Task(this, {
    args: () => [this.app.project?.id ?? "", this.network, this.draftId] as const,
    task: async ([projectId, network, draftId], { signal }) => {
      const isFirst = this.#session.draft === undefined;
      const { document } = await this.#session.open({ projectId, network, draftId }, signal);
      if (isFirst && isTab(this.view)) this.tab = this.view;
      if (this.tab === "form" && !fitsForm(document)) this.tab = "json";
      this.isHalf = false;
      if (isFirst && this.at !== undefined) void this.#showWhenThere({ pointer: this.at });
    },
  });

  constructor() {
    super();
    this.tab = "form";
    this.isHalf = false;
    this.isKeeping = false;
    void new LeaveGuard(this, {
      isUnsaved: () => this.isHalf || this.#session.saveState !== "saved",
      save: () => this.#session.save(),
      navigate: (address) => this.app.navigate(address),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#session.close();
  }

  #link(page: string, query: Readonly<Record<string, string>> = {}): string {
    return projectLink(this.app.project?.id ?? "", page, { network: this.network, ...query });
  }

  get #readOnly(): string | undefined {
    return this.blocked("changeDraft");
  }

  protected override render(): TemplateResult {
    return html`${loaded(this.#loading, () => this.#view())}`;
  }

  #view(): TemplateResult {
    const { draft, saveState, saveProblem, isOwnConflict, current, checker } = this.#session;
    if (!draft) return html``;
    const editing = this.#session.editing(this.#link("budgets"));
    return html`<div class="editor">
      ${draftBar({
        draft,
        state: saveState,
        problem: saveProblem,
        isOwnConflict,
        isKeeping: this.isKeeping,
        isHalf: this.isHalf,
        current,
        readOnly: this.#readOnly,
        onRename: (name) => this.#session.rename(name),
        onPublish: () => (this.open = "publish"),
        onRetry: () => this.#session.save(),
        onTakeTheirs: () => this.#loading.run(),
        onKeepMine: () => this.#keepMine(),
        backtestLink: this.#link("backtests", { draft: draft.id }),
        explainLink: this.#link("explain", { draft: draft.id }),
      })}
      <div class="editor-columns">
        <div class="editor-main">
          ${tabs({
            label: "Views of the draft",
            tabs: [
              { id: "form", label: "Form" },
              { id: "json", label: "JSON" },
              { id: "changes", label: "Changes" },
            ],
            current: this.tab,
            onSelect: (tab) => this.#showTab(tab as Tab),
            body: this.#tabBody(editing),
          })}
        </div>
        ${findingsPanel({
          checker,
          document: editing.document,
          onShow: (finding) => void this.#show(finding),
          onMend: () => this.#session.mend(),
          blocked: this.#readOnly,
          unread: this.isHalf ? HALF : undefined,
        })}
      </div>
      ${editorDialogs({
        session: this.#session,
        editing,
        draftId: this.draftId,
        open: this.open,
        onClose: () => (this.open = undefined),
        onPublished: (version, isNew) => this.#published(version, isNew),
        onShow: (finding) => void this.#show(finding),
      })}
    </div>`;
  }

  /** Another view is of the document: a text that is none would be lost. */
  #showTab(tab: Tab): void {
    if (this.isHalf) toast(HALF, "bad");
    else this.tab = tab;
  }

  #tabBody(editing: Editing): TemplateResult {
    const { document, findings, network } = editing;
    const { current } = this.#session;
    if (this.tab === "json") {
      return html`<json-tab
        .document=${document}
        .findings=${findings}
        .isReadOnly=${this.#readOnly !== undefined}
        .onDocument=${(next: Json) => this.#session.setDocument(next)}
        .onHalf=${(isHalf: boolean) => (this.isHalf = isHalf)}
      ></json-tab>`;
    }
    if (this.tab === "changes") {
      return html`<p class="soft">
          ${current ? `Against version ${current.version}, which is in force.` : "Nothing is in force yet: all of it is new."}
        </p>
        ${policyChanges({ before: current?.document, after: document, names: editing.names, network })}`;
    }
    if (!fitsForm(document)) {
      return html`<p class="note warn">This draft has not the shape of a policy: it can be edited as JSON.</p>
        ${button({ label: "Edit it as JSON", onClick: () => (this.tab = "json") })}`;
    }
    const dialogs = {
      onAddInstructions: () => (this.open = "catalogue"),
      onAddProgram: () => (this.open = "program"),
    };
    const readOnly = this.#readOnly;
    return html`<fieldset class="policy-form" title=${readOnly ?? nothing} ?disabled=${readOnly !== undefined}>
      <legend class="visually-hidden">The policy</legend>
      ${isAlgorand(network) ? algorandForm(editing) : solanaForm(editing, dialogs)}
    </fieldset>`;
  }

  /** When what was read is on the page. */
  async #showWhenThere(place: Place): Promise<void> {
    await this.#loading.taskComplete.catch(() => undefined);
    await this.updateComplete;
    await this.#show(place);
  }

  /** In the form where it has a place there, else in the text. */
  async #show(finding: Place): Promise<void> {
    if (this.tab !== "json" && fitsForm(this.#session.document)) {
      this.tab = "form";
      await this.updateComplete;
      if (showPlace(this, finding)) return;
    }
    this.tab = "json";
    await this.updateComplete;
    const text = this.querySelector<JsonTabElement>("json-tab");
    await text?.updateComplete;
    text?.show(finding);
  }

  /** In the view in which it was going to be changed. */
  async #keepMine(): Promise<void> {
    this.isKeeping = true;
    try {
      const draft = await this.#session.copy(`${this.#session.draft?.name ?? "Draft"} (mine)`);
      this.app.navigate(this.#link("policy", { draft, view: this.tab }));
    } catch (thrown) {
      toastError(thrown);
    }
    this.isKeeping = false;
  }

  #published(version: number, isNew: boolean): void {
    this.open = undefined;
    this.#session.close();
    toast(isNew ? `Version ${version} is in force.` : `Version ${version} says the same already.`);
    this.app.navigate(this.again ?? this.#link("policy"), { replace: true });
  }
}

customElements.define("policy-editor", PolicyEditorElement);

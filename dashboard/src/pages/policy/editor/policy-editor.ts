import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import { AppElement } from "../../../app/element.ts";
import { projectLink } from "../../../app/router.ts";
import { button } from "../../../ui/button.ts";
import { loaded } from "../../../ui/states.ts";
import { tabs } from "../../../ui/tabs.ts";
import { toast, toastError } from "../../../ui/toast.ts";
import { fitsForm } from "../model/documents.ts";
import type { Finding } from "../model/findings.ts";
import { appendAt, type Json } from "../model/pointer.ts";
import { isAlgorand } from "../model/say-policy.ts";
import type { PolicyVersionDetail } from "../policy-types.ts";
import { policyChanges } from "../view/changes.ts";
import { draftBar, HALF } from "./draft-bar.ts";
import { DraftSession } from "./draft-session.ts";
import type { Editing } from "./editing.ts";
import { findingsPanel } from "./findings-panel.ts";
import { algorandForm, solanaForm } from "./forms.ts";
import type { JsonTabElement } from "./json-tab.ts";
import { LeaveGuard } from "./leave-guard.ts";
import type { ChosenProgram } from "./program-dialog.ts";
import { showPlace } from "./show-place.ts";
import "./catalogue-dialog.ts";
import "./json-tab.ts";
import "./program-dialog.ts";
import "./publish-dialog.ts";

type Tab = "form" | "json" | "changes";

/** Changes a draft: as a form and as text, checked while it is typed and saved by itself. */
class PolicyEditorElement extends AppElement {
  static override properties = {
    network: {},
    draftId: {},
    again: {},
    tab: { state: true },
    open: { state: true },
    isHalf: { state: true },
  };
  declare network: string;
  declare draftId: string;
  /** Where it goes on after publishing, as where the decision is explained again. */
  declare again: string | undefined;
  declare private tab: Tab;
  declare private open: "catalogue" | "program" | "publish" | undefined;
  /** The text of the JSON view is no document yet. */
  declare private isHalf: boolean;

  readonly #session = new DraftSession(this, {
    api: () => this.app.api,
    place: () => ({ projectId: this.app.project?.id ?? "", network: this.network, draftId: this.draftId }),
    isReadOnly: () => this.#readOnly !== undefined,
  });

  readonly #loading = new Task(this, {
    args: () => [this.app.project?.id ?? "", this.network, this.draftId] as const,
    task: async ([projectId, network, draftId], { signal }) => {
      const { document } = await this.#session.open({ projectId, network, draftId }, signal);
      this.tab = fitsForm(document) ? "form" : "json";
      this.isHalf = false;
    },
  });

  constructor() {
    super();
    this.tab = "form";
    this.isHalf = false;
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
    const { draft, saveState, saveProblem, current, checker } = this.#session;
    if (!draft) return html``;
    const editing = this.#session.editing(this.#link("budgets"));
    return html`<div class="editor">
      ${draftBar({
        draft,
        state: saveState,
        problem: saveProblem,
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
          onShow: (finding) => this.#show(finding),
          onMend: () => this.#session.mend(),
          blocked: this.#readOnly,
          unread: this.isHalf ? HALF : undefined,
        })}
      </div>
      ${this.#dialogs(editing)}
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

  #dialogs({ programs, document, findings }: Editing): TemplateResult {
    const { current, catalogue } = this.#session;
    const close = () => (this.open = undefined);
    return html`<catalogue-dialog
        .programs=${programs}
        .isOpen=${this.open === "catalogue"}
        .onClose=${close}
        .onChoose=${(program: string, instruction: string) => this.#session.append(["allow"], { program, instruction })}
      ></catalogue-dialog>
      <program-dialog
        .network=${this.network}
        .isOpen=${this.open === "program"}
        .onClose=${close}
        .onChoose=${(chosen: ChosenProgram) => this.#addProgram(chosen)}
      ></program-dialog>
      <publish-dialog
        .isOpen=${this.open === "publish"}
        .onClose=${close}
        .onPublished=${(version: number, isNew: boolean) => this.#published(version, isNew)}
        .onCurrent=${(next: PolicyVersionDetail | undefined) => {
          this.#session.current = next;
          this.requestUpdate();
        }}
        .document=${document}
        .draftId=${this.draftId}
        .network=${this.network}
        .current=${current}
        .catalogue=${catalogue}
        .findings=${findings}
      ></publish-dialog>`;
  }

  #addProgram({ program, allowed }: ChosenProgram): void {
    this.open = undefined;
    const entries = allowed.map((instruction) => ({ program: program["address"], instruction }));
    const described = appendAt(this.#session.document, ["programs"], program);
    this.#session.setDocument(entries.reduce((document, entry) => appendAt(document, ["allow"], entry), described));
    toast(`${String(program["name"])} is in the draft now.`);
  }

  #show(finding: Finding): void {
    if (this.tab === "json") {
      this.querySelector<JsonTabElement>("json-tab")?.show(finding);
      return;
    }
    this.tab = "form";
    void this.updateComplete.then(() => showPlace(this, finding));
  }

  async #keepMine(): Promise<void> {
    try {
      const draft = await this.#session.copy(`${this.#session.draft?.name ?? "Draft"} (mine)`);
      this.app.navigate(this.#link("policy", { draft }));
    } catch (thrown) {
      toastError(thrown);
    }
  }

  #published(version: number, isNew: boolean): void {
    this.open = undefined;
    this.#session.close();
    toast(isNew ? `Version ${version} is in force.` : `Version ${version} says the same already.`);
    this.app.navigate(this.again ?? this.#link("policy"), { replace: true });
  }
}

customElements.define("policy-editor", PolicyEditorElement);

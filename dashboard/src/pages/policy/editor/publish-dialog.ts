import { html, nothing, type TemplateResult } from "lit";
import type { PolicyVersionDetail } from "../policy-types.ts";
import { ApiProblem } from "../../../api/problem.ts";
import { AppElement } from "../../../app/element.ts";
import { button } from "../../../ui/button.ts";
import { dialog } from "../../../ui/dialog.ts";
import { problemNote } from "../../../ui/states.ts";
import type { Finding } from "../model/findings.ts";
import { errorsOf } from "../model/findings.ts";
import { namesOf } from "../model/names.ts";
import { placeWords } from "../model/place-words.ts";
import type { Json } from "../model/pointer.ts";
import { readCurrent } from "../read-current.ts";
import { actorName } from "../view/actor-name.ts";
import { policyChanges } from "../view/changes.ts";
import { faultNote } from "../view/findings.ts";
import type { PolicyCatalogue } from "../policy-types.ts";

/** Where it is said why it cannot be published. */
const FAULT = "publish-fault";

/** What is published, against what is in force. */
class PublishDialogElement extends AppElement {
  static override properties = {
    isOpen: { attribute: false },
    onClose: { attribute: false },
    onPublished: { attribute: false },
    onCurrent: { attribute: false },
    document: { attribute: false },
    draftId: { attribute: false },
    network: { attribute: false },
    current: { attribute: false },
    catalogue: { attribute: false },
    findings: { attribute: false },
    onShow: { attribute: false },
    isBusy: { state: true },
    problem: { state: true },
    overtaken: { state: true },
  };
  declare isOpen: boolean;
  declare onClose: () => void;
  declare onPublished: (version: number, isNew: boolean) => void;
  declare onCurrent: (current: PolicyVersionDetail | undefined) => void;
  declare document: Json;
  declare draftId: string;
  declare network: string;
  declare current: PolicyVersionDetail | undefined;
  declare catalogue: PolicyCatalogue | undefined;
  declare findings: readonly Finding[];
  /** Leads to the place of a finding, in what is behind the dialog. */
  declare onShow: (finding: Finding) => void;
  declare private isBusy: boolean;
  declare private problem: unknown;
  /** What was in force before somebody published meanwhile. */
  declare private overtaken: { readonly before: PolicyVersionDetail | undefined } | undefined;

  constructor() {
    super();
    this.isBusy = false;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("isOpen") || this.isOpen) return;
    this.problem = undefined;
    this.overtaken = undefined;
  }

  protected override render(): TemplateResult {
    const { isOpen, onClose } = this;
    return dialog({ heading: "Publish this policy", isOpen, isWide: true, onClose, body: () => this.#body() });
  }

  #body(): TemplateResult {
    const { current, document, network, findings, problem } = this;
    const names = namesOf(this.catalogue, document);
    const warnings = findings.filter(({ severity }) => severity === "warning").length;
    const errors = errorsOf(findings);
    const blocked = this.blocked("publishPolicy") ?? (errors.length > 0 ? "The check found errors." : undefined);
    return html`${this.#overtakenNote()} ${problem === undefined ? nothing : problemNote(problem)}
      <p>
        ${
          current
            ? html`What it changes against version ${current.version}, which is in force. It counts at the next relay.`
            : "It is the first policy of this network. It counts at the next relay."
        }
      </p>
      ${policyChanges({ before: current?.document, after: document, names, network })}
      ${
        warnings > 0
          ? html`<p class="note warn">
              The check has ${warnings === 1 ? "one warning" : `${warnings} warnings`}. The policy can be published all
              the same.
            </p>`
          : nothing
      }
      ${faultNote({ id: FAULT, errors, sayPlace: (pointer) => placeWords(document, pointer), onShow: (finding) => this.#goTo(finding) })}
      <div class="actions">
        ${button({
          label: this.overtaken ? `Publish on top of version ${current?.version ?? 0}` : "Publish",
          kind: "primary",
          isBusy: this.isBusy,
          blocked,
          describedBy: errors.length > 0 ? FAULT : undefined,
          onClick: () => this.#publish(),
        })}
        ${button({ label: "Not yet", kind: "plain", onClick: this.onClose })}
      </div>`;
  }

  /** Closed first: else the focus would come back to where the dialog was opened from. */
  #goTo(finding: Finding): void {
    this.querySelector("dialog")?.close();
    this.onClose();
    this.onShow(finding);
  }

  #overtakenNote(): TemplateResult | typeof nothing {
    const { overtaken, current, network } = this;
    if (!overtaken || !current) return nothing;
    const names = namesOf(this.catalogue, current.document);
    return html`<div class="note warn" role="alert">
      <p>
        <b>${current.actor ? actorName(current.actor) : "Somebody"} published version ${current.version} meanwhile.</b>
        Publishing yours takes its changes back, unless they are in yours too. What version ${current.version} changed:
      </p>
      ${policyChanges({ before: overtaken.before?.document, after: current.document, names, network })}
    </div>`;
  }

  async #publish(): Promise<void> {
    const { document, draftId, current, network } = this;
    this.isBusy = true;
    this.problem = undefined;
    try {
      const params = { projectId: this.app.project?.id ?? "", network };
      const body = { document: { ...document }, draftId, expectedVersion: current?.version ?? null };
      const { version, isNew } = await this.app.api.call("publishPolicy", { params, body });
      this.onPublished(version, isNew);
    } catch (thrown) {
      if (thrown instanceof ApiProblem && thrown.status === 409) await this.#compare(thrown);
      else this.problem = thrown;
    }
    this.isBusy = false;
  }

  /** Somebody was faster: what they made is shown before it can be overwritten. */
  async #compare(conflict: ApiProblem): Promise<void> {
    try {
      const before = this.current;
      const now = await readCurrent(this.app.api, this.app.project?.id ?? "", this.network);
      if (now?.version === before?.version) {
        this.problem = conflict;
        return;
      }
      this.overtaken = { before };
      this.onCurrent(now);
    } catch (thrown) {
      this.problem = thrown;
    }
  }
}

customElements.define("publish-dialog", PublishDialogElement);

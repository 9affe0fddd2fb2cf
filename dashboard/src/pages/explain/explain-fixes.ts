import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import type { ManageExplanation } from "../../../../bff/src/contract/manage/policies.ts";
import { AppElement } from "../../app/element.ts";
import { projectLink } from "../../app/router.ts";
import { button } from "../../ui/button.ts";
import { prose } from "../../ui/prose.ts";
import { loaded } from "../../ui/states.ts";
import { toastError } from "../../ui/toast.ts";
import { namesOf } from "../policy/model/names.ts";
import type { Json } from "../policy/model/pointer.ts";
import { readCurrent } from "../policy/read-current.ts";
import { policyChanges } from "../policy/view/changes.ts";

/** Changes of the policy that would let the transaction through: each shown, and made into a draft. */
class ExplainFixesElement extends AppElement {
  static override properties = {
    explanation: { attribute: false },
    draftId: {},
    again: {},
    isBusy: { state: true },
  };
  declare explanation: ManageExplanation;
  /** What it was explained by; undefined: by what is in force. */
  declare draftId: string | undefined;
  /** What is explained again after publishing. */
  declare again: string;
  declare private isBusy: boolean;

  /** What the fixes change: the draft, or what is in force. */
  readonly #before = new Task(this, {
    args: () => [this.app.project?.id ?? "", this.explanation.network, this.draftId] as const,
    task: async ([projectId, network, draftId], { signal }) => {
      const params = { projectId, network };
      const [source, catalogue] = await Promise.all([
        draftId === undefined
          ? readCurrent(this.app.api, projectId, network, signal)
          : this.app.api.call("readDraft", { params: { ...params, draftId }, signal }),
        this.app.api.call("readPolicyCatalogue", { params, signal }),
      ]);
      return { document: source?.document, catalogue };
    },
  });

  constructor() {
    super();
    this.isBusy = false;
  }

  protected override render(): TemplateResult {
    const { fixes, network } = this.explanation;
    return html`${loaded(
      this.#before,
      ({ document: before, catalogue }) =>
        html`<ol class="fixes">
          ${fixes.map(({ description, document: after }) => {
            const names = namesOf(catalogue, after);
            return html`<li>
              <p><b>${prose(description)}</b></p>
              ${policyChanges({ before, after, names, network })}
              ${button({
                label: "Open as a draft",
                icon: "edit",
                about: `: ${description}`,
                isBusy: this.isBusy,
                blocked: this.blocked("createDraft"),
                onClick: () => this.#open(description, after),
              })}
            </li>`;
          })}
        </ol>`,
    )}`;
  }

  async #open(description: string, document: Json): Promise<void> {
    const params = { projectId: this.app.project?.id ?? "", network: this.explanation.network };
    const name = description
      .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
      .trim()
      .slice(0, 80);
    this.isBusy = true;
    try {
      const { id } = await this.app.api.call("createDraft", { params, body: { name, document: { ...document } } });
      const query = { network: params.network, draft: id, again: this.again };
      this.app.navigate(projectLink(params.projectId, "policy", query));
    } catch (thrown) {
      toastError(thrown);
    }
    this.isBusy = false;
  }
}

customElements.define("explain-fixes", ExplainFixesElement);

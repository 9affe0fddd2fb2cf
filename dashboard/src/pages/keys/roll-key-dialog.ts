import { html, type PropertyValues, type TemplateResult } from "lit";
import type { CreatedKey, ProjectKey } from "../../../../bff/src/contract/manage/projects.ts";
import { AppElement } from "../../app/element.ts";
import { dialog } from "../../ui/dialog.ts";
import { selectField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { MakingKey } from "./making-key.ts";
import { OVERLAPS, rollSteps } from "./roll-words.ts";

/** Pages may be open for days; servers are deployed. */
const usualOverlap = ({ kind }: ProjectKey): string => (kind === "publishable" ? "604800" : "86400");

/**
 * Makes a key's successor, and says beforehand what happens when.
 * @fires key-made - with the successor
 * @fires key-closed - the dialog was closed
 */
export class RollKeyDialogElement extends AppElement {
  static override properties = { rolling: { attribute: false } };
  /** The key that gets a successor; undefined: the dialog is closed. */
  declare rolling: ProjectKey | undefined;

  readonly #form = createForm<{ readonly overlap: string }, CreatedKey>(this, {
    initial: { overlap: "86400" },
    submit: ({ overlap }) =>
      this.app.api.call("rollKey", {
        params: { projectId: this.app.project?.id ?? "", keyId: this.rolling?.id ?? "" },
        body: { overlapSeconds: Number(overlap) },
      }),
    onDone: (key) => this.#making.handOver(key),
  });
  readonly #making = new MakingKey(this, { isBusy: () => this.#form.isBusy, app: () => this.app });

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("rolling") && this.rolling) this.#form.reset({ overlap: usualOverlap(this.rolling) });
  }

  protected override render(): TemplateResult {
    const { rolling } = this;
    return dialog({
      heading: "Roll a key",
      isOpen: rolling !== undefined,
      onClose: this.#making.close,
      body: () => (rolling ? this.#body(rolling) : html``),
    });
  }

  #body(rolling: ProjectKey): TemplateResult {
    const form = this.#form;
    return form.view({
      action: "Roll the key",
      blocked: this.blocked("rollKey"),
      onCancel: this.#making.close,
      fields: [
        html`<p>
          The key …${rolling.lastFour}${rolling.name ? ` (${rolling.name})` : ""} gets a successor with the same name
          and scopes.
        </p>`,
        selectField<string>({ ...form.choice("overlap"), label: "How long both open", options: OVERLAPS }),
        html`<ol class="roll-steps" aria-live="polite">
          ${rollSteps(rolling, Number(form.values.overlap), Date.now()).map(
            ({ at, what }) => html`<li><b>${at}</b> ${what}</li>`,
          )}
        </ol>`,
      ],
    });
  }
}

customElements.define("roll-key-dialog", RollKeyDialogElement);

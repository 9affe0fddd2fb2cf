import { html, type PropertyValues, type TemplateResult } from "lit";
import type { ManagedNetwork } from "../../../../bff/src/contract/manage/projects.ts";
import { AppElement } from "../../app/element.ts";
import { dialog } from "../../ui/dialog.ts";
import { textField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { toast } from "../../ui/toast.ts";

const isWebAddress = (text: string): boolean => /^https?:$/.test(URL.parse(text)?.protocol ?? "");

/**
 * Says which explorer shows a network's transactions.
 * @fires network-changed - it is another now
 * @fires explorer-closed - the dialog was closed
 */
export class ExplorerDialogElement extends AppElement {
  static override properties = { changing: { attribute: false } };
  /** Undefined: the dialog is closed. */
  declare changing: ManagedNetwork | undefined;

  readonly #form = createForm<{ readonly explorer: string }, ManagedNetwork>(this, {
    initial: { explorer: "" },
    check: ({ explorer }) =>
      explorer.trim() === "" || isWebAddress(explorer) ? {} : { explorer: "is no address of a web page" },
    submit: ({ explorer }) =>
      this.app.api.call("putNetwork", {
        params: { projectId: this.app.project?.id ?? "", network: this.changing?.network ?? "" },
        body: { explorer: explorer.trim() === "" ? null : explorer.trim() },
      }),
    onDone: ({ explorer, network }, isCurrent) => {
      toast(explorer === null ? `${network} links to no explorer.` : `${network} links to ${explorer}.`);
      this.dispatchEvent(new Event("network-changed"));
      if (isCurrent) this.#close();
    },
  });

  readonly #close = (): void => {
    this.dispatchEvent(new Event("explorer-closed"));
  };

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("changing") && this.changing) this.#form.reset({ explorer: this.changing.explorer ?? "" });
  }

  protected override render(): TemplateResult {
    return dialog({
      heading: `Explorer of ${this.changing?.network ?? "a network"}`,
      isOpen: this.changing !== undefined,
      onClose: this.#close,
      body: () =>
        html`${this.#form.view({
          action: "Save",
          blocked: this.blocked("putNetwork"),
          onCancel: this.#close,
          fields: textField({
            ...this.#form.text("explorer"),
            label: "Address",
            type: "url",
            isMono: true,
            isRequired: false,
            maxLength: 300,
            placeholder: "https://explorer.solana.com",
            hint: html`Links go to <code>/tx/&lt;id&gt;</code> behind it, or to where <code>{id}</code> stands in it.
              Empty: there are none.`,
          }),
        })}`,
    });
  }
}

customElements.define("explorer-dialog", ExplorerDialogElement);

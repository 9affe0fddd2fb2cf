import { html, type PropertyValues, type TemplateResult } from "lit";
import type { ManagedSponsor } from "../../../../bff/src/contract/manage/projects.ts";
import { AppElement } from "../../app/element.ts";
import { formatAmount } from "../../format/amounts.ts";
import { shorten } from "../../ui/copy.ts";
import { dialog } from "../../ui/dialog.ts";
import { choiceField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { toast } from "../../ui/toast.ts";
import { runwayOf, successorsOf } from "./runway.ts";

/**
 * Lets another sponsor take over.
 * @fires sponsor-rotated - it has
 * @fires rotate-closed - the dialog was closed
 */
export class RotateDialogElement extends AppElement {
  static override properties = { rotating: { attribute: false }, sponsors: { attribute: false } };
  /** Undefined: the dialog is closed. */
  declare rotating: ManagedSponsor | undefined;
  declare sponsors: readonly ManagedSponsor[];

  readonly #form = createForm<{ readonly to: string }, unknown>(this, {
    initial: { to: "" },
    check: ({ to }) => (to === "" ? { to: "Choose who takes over." } : {}),
    submit: ({ to }) =>
      this.app.api.call("rotateSponsor", {
        params: { projectId: this.app.project?.id ?? "", sponsorId: this.rotating?.id ?? "" },
        body: { to },
      }),
    onDone: (_done, isCurrent) => {
      toast("The other sponsor has taken over.");
      this.dispatchEvent(new Event("sponsor-rotated"));
      if (isCurrent) this.#close();
    },
  });

  constructor() {
    super();
    this.sponsors = [];
  }

  readonly #close = (): void => {
    this.dispatchEvent(new Event("rotate-closed"));
  };

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("rotating") || !this.rotating) return;
    const [only, ...others] = successorsOf(this.rotating, this.sponsors);
    this.#form.reset({ to: only && others.length === 0 ? only.id : "" });
  }

  protected override render(): TemplateResult {
    const { rotating } = this;
    return dialog({
      heading: "Rotate the sponsor",
      isOpen: rotating !== undefined,
      onClose: this.#close,
      body: () => (rotating ? this.#body(rotating) : html``),
    });
  }

  #body(rotating: ManagedSponsor): TemplateResult {
    const form = this.#form;
    return form.view({
      action: "Let it take over",
      blocked: this.blocked("rotateSponsor"),
      onCancel: this.#close,
      fields: [
        html`<p>
          From now on ${rotating.network} is paid by the one you choose instead of
          <code title=${rotating.address}>${shorten(rotating.address, 6)}</code>. What was prepared with the old one is
          accepted for five minutes: no relay is refused.
        </p>`,
        choiceField<string>({
          ...form.choice("to"),
          label: "Who takes over",
          options: successorsOf(rotating, this.sponsors).map((each) => ({
            value: each.id,
            label: shorten(each.address, 8),
            hint: `${each.balance === null ? "Balance not known" : formatAmount(each.network, each.balance)} · ${runwayOf(each).text}`,
          })),
        }),
      ],
    });
  }
}

customElements.define("rotate-dialog", RotateDialogElement);

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { CreatedKey } from "../../../../bff/src/contract/manage/projects.ts";
import type { Scope } from "../../../../bff/src/contract/manage/values.ts";
import { AppElement } from "../../app/element.ts";
import { dialog } from "../../ui/dialog.ts";
import { choiceField, selectField, textField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { MakingKey } from "./making-key.ts";
import { scopesField } from "./scopes-field.ts";

interface KeyValues {
  readonly kind: "publishable" | "secret";
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Seconds; empty: it has no end. */
  readonly life: string;
}

const INITIAL: KeyValues = { kind: "publishable", name: "", scopes: [], life: "" };

const LIVES = [
  { value: "", label: "No end" },
  { value: "86400", label: "1 day" },
  { value: "604800", label: "7 days" },
  { value: "2592000", label: "30 days" },
  { value: "7776000", label: "90 days" },
  { value: "31536000", label: "1 year" },
] as const;

/**
 * Makes a key.
 * @fires key-made - with the key itself
 * @fires key-closed - the dialog was closed
 */
export class NewKeyDialogElement extends AppElement {
  static override properties = { isOpen: { attribute: false } };
  declare isOpen: boolean;

  readonly #form = createForm<KeyValues, CreatedKey>(this, {
    initial: INITIAL,
    check: ({ kind, name, scopes }) =>
      kind === "publishable"
        ? {}
        : {
            ...(name.trim() === "" && { name: "is needed: by it you will know where the key is" }),
            ...(scopes.length === 0 && { scopes: "Choose at least one." }),
          },
    submit: ({ kind, name, scopes, life }) =>
      this.app.api.call("createKey", {
        params: { projectId: this.app.project?.id ?? "" },
        body:
          kind === "publishable"
            ? { kind, ...(name.trim() !== "" && { name: name.trim() }) }
            : { kind, name: name.trim(), scopes: [...scopes], ...(life !== "" && { expiresInSeconds: Number(life) }) },
      }),
    onDone: (key) => this.#making.handOver(key),
  });
  readonly #making = new MakingKey(this, { isBusy: () => this.#form.isBusy, app: () => this.app });

  constructor() {
    super();
    this.isOpen = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("isOpen") && this.isOpen) this.#form.reset(INITIAL);
  }

  protected override render(): TemplateResult {
    return dialog({
      heading: "Make a key",
      isOpen: this.isOpen,
      isWide: true,
      onClose: this.#making.close,
      body: () => this.#body(),
    });
  }

  #body(): TemplateResult {
    const form = this.#form;
    const isSecret = form.values.kind === "secret";
    return form.view({
      action: "Make the key",
      blocked: this.blocked("createKey"),
      onCancel: this.#making.close,
      fields: [
        choiceField({
          ...form.choice("kind"),
          label: "Kind",
          options: [
            {
              value: "publishable",
              label: "Publishable",
              hint: "Stands in your pages, for everybody to see. Only pages of the project's origins can use it.",
            },
            {
              value: "secret",
              label: "Secret",
              hint: "For your servers alone: whoever has it may do what its scopes say.",
            },
          ],
        }),
        textField({
          ...form.text("name"),
          label: "Name",
          hint: isSecret
            ? "Such as where it is kept: “risk service, production”."
            : "Such as the site that it stands on.",
          isRequired: isSecret,
          maxLength: 80,
        }),
        html`${
          isSecret
            ? html`${scopesField({
                scopes: form.values.scopes,
                error: form.errorOf("scopes"),
                onChange: (scopes) => form.set("scopes", scopes),
              })}
              ${selectField<string>({ ...form.choice("life"), label: "It ends after", options: LIVES })}`
            : nothing
        }`,
      ],
    });
  }
}

customElements.define("new-key-dialog", NewKeyDialogElement);

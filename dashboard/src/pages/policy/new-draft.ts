import { html, type TemplateResult } from "lit";
import { AppElement } from "../../app/element.ts";
import { projectLink } from "../../app/router.ts";
import { dialog } from "../../ui/dialog.ts";
import { choiceField, textField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { blankPolicy } from "./model/documents.ts";
import type { Json } from "./model/pointer.ts";
import type { PolicyCatalogue, PolicyVersionDetail } from "./policy-types.ts";

const CURRENT = "current";
const BLANK = "blank";

/** Begins a draft: with what is in force, with a template, or with nothing. */
class NewDraftElement extends AppElement {
  static override properties = {
    network: {},
    current: { attribute: false },
    templates: { attribute: false },
    isOpen: { attribute: false },
    onClose: { attribute: false },
  };
  declare network: string;
  declare current: PolicyVersionDetail | undefined;
  declare templates: PolicyCatalogue["templates"];
  declare isOpen: boolean;
  declare onClose: () => void;

  readonly #form = createForm(this, {
    initial: { name: "", from: "" },
    check: ({ name }) => (name.trim() === "" ? { name: "Give it a name." } : {}),
    submit: ({ name, from }) => {
      const params = { projectId: this.app.project?.id ?? "", network: this.network };
      return this.app.api.call("createDraft", {
        params,
        body: { name: name.trim(), document: { ...this.#source(from) } },
      });
    },
    onDone: ({ id }) => {
      this.onClose();
      this.app.navigate(projectLink(this.app.project?.id ?? "", "policy", { network: this.network, draft: id }));
    },
  });

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("isOpen") || !this.isOpen) return;
    const { current, templates } = this;
    const from = current ? CURRENT : (templates[0]?.id ?? BLANK);
    this.#form.reset({ name: current ? `After version ${current.version}` : "First policy", from });
  }

  #source(from: string): Json {
    if (from === CURRENT && this.current) return this.current.document;
    return this.templates.find(({ id }) => id === from)?.document ?? blankPolicy(this.network);
  }

  protected override render(): TemplateResult {
    const { isOpen, onClose } = this;
    return dialog({ heading: "Begin a draft", isOpen, onClose, body: () => this.#body() });
  }

  #body(): TemplateResult {
    const { current, templates } = this;
    const now = current ? [{ value: CURRENT, label: `Version ${current.version}`, hint: "What is in force now." }] : [];
    return this.#form.view({
      action: "Begin",
      onCancel: this.onClose,
      blocked: this.blocked("createDraft"),
      fields: html`${textField({ ...this.#form.text("name"), label: "Name", maxLength: 80 })}
      ${choiceField({
        ...this.#form.choice("from"),
        label: "Begin with",
        options: [
          ...now,
          ...templates.map(({ id, name, description }) => ({ value: id, label: name, hint: description })),
          { value: BLANK, label: "Nothing", hint: "Allows nothing, with bounds in which ordinary transactions fit." },
        ],
      })}`,
    });
  }
}

customElements.define("new-draft", NewDraftElement);

import { html, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { link } from "../../app/router.ts";
import { button } from "../../ui/button.ts";
import { dialog } from "../../ui/dialog.ts";
import { textField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { time } from "../../format/times.ts";
import { pageHead, panel } from "../../ui/layout.ts";
import { dataTable } from "../../ui/table.ts";

/** The organizations of whoever is signed in. */
export class HomePageElement extends Page {
  static override properties = { isAdding: { state: true } };
  declare private isAdding: boolean;

  readonly #form = createForm(this, {
    initial: { name: "" },
    check: ({ name }) => (name.trim() === "" ? { name: "Give it a name." } : {}),
    submit: ({ name }) => this.app.api.call("createOrganization", { body: { name: name.trim() } }),
    onDone: async ({ organization }) => {
      await this.app.refresh();
      this.app.navigate(link(`/o/${organization.id}/projects`));
    },
  });

  constructor() {
    super();
    this.isAdding = false;
  }

  protected override render(): TemplateResult {
    const close = () => {
      this.isAdding = false;
      this.#form.reset();
    };
    return html`${pageHead({
      title: "Organizations",
      lead: "Each owns its projects and its sponsors, and has members of its own.",
      actions: button({ label: "New organization", icon: "plus", onClick: () => (this.isAdding = true) }),
    })}
    ${panel({
      body: dataTable({
        caption: "Your organizations",
        rows: this.app.memberships,
        key: ({ organization }) => organization.id,
        href: ({ organization }) => link(`/o/${organization.id}/projects`),
        columns: [
          { key: "name", header: "Name", cell: ({ organization }) => organization.name },
          { key: "role", header: "Your role", cell: ({ role }) => role },
          { key: "made", header: "Made", cell: ({ organization }) => time(organization.createdAt) },
        ],
      }),
    })}
    ${dialog({
      heading: "New organization",
      isOpen: this.isAdding,
      onClose: close,
      body: () =>
        html`<p class="soft">You become its owner. Others come in by your invitation.</p>
          ${this.#form.view({
            fields: textField({ ...this.#form.text("name"), label: "Name", maxLength: 80 }),
            action: "Make it",
            onCancel: close,
          })}`,
    })}`;
  }
}

customElements.define("home-page", HomePageElement);

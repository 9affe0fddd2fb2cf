import { html, type PropertyValues, type TemplateResult } from "lit";
import { AppElement } from "../../app/element.ts";
import { link } from "../../app/router.ts";
import type { EntryCodes } from "../../session/codes.ts";
import { button } from "../../ui/button.ts";
import { textField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { pageHead } from "../../ui/layout.ts";
import { toast } from "../../ui/toast.ts";

/** For whoever is signed in and has a code: the first owner claims, others accept an invitation. */
export class JoinPageElement extends AppElement {
  static override properties = { codes: { attribute: false }, isClaimed: { type: Boolean } };
  declare codes: EntryCodes;
  declare isClaimed: boolean;

  readonly #claim = createForm(this, {
    initial: { code: "", organization: "" },
    check: ({ code }) => (code.trim() === "" ? { code: "Paste the code that was printed." } : {}),
    submit: ({ code, organization }) => {
      const name = organization.trim();
      return this.app.api.call("claim", {
        body: { code: code.trim().replace(/^.*#claim=/, ""), ...(name === "" ? {} : { organization: name }) },
      });
    },
    onDone: ({ organization }) => this.#enter(organization.id, `${organization.name} is yours.`),
  });

  readonly #accept = createForm(this, {
    initial: { code: "" },
    check: ({ code }) => (code.trim() === "" ? { code: "Paste the code or the link that you were sent." } : {}),
    submit: ({ code }) =>
      this.app.api.call("acceptInvitation", { body: { code: code.trim().replace(/^.*#invitation=/, "") } }),
    onDone: ({ organization, role }) =>
      this.#enter(organization.id, `You are in ${organization.name} now, as ${role}.`),
  });

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("codes")) return;
    if (this.codes.claim !== undefined) this.#claim.set("code", this.codes.claim);
    if (this.codes.invitation !== undefined) this.#accept.set("code", this.codes.invitation);
  }

  async #enter(organizationId: string, welcome: string): Promise<void> {
    await this.app.refresh();
    toast(welcome);
    this.dispatchEvent(new Event("joined"));
    this.app.navigate(link(`/o/${organizationId}/projects`), { replace: true });
  }

  get #isClaiming(): boolean {
    return !this.isClaimed && this.codes.invitation === undefined;
  }

  protected override render(): TemplateResult {
    return html`<div class="welcome">${this.#isClaiming ? this.#claimView() : this.#acceptView()}</div>`;
  }

  #claimView(): TemplateResult {
    const form = this.#claim;
    return html`${pageHead({
      title: "Claim this installation",
      lead: "Nobody owns it yet. Whoever has its claim code becomes the first owner, and can invite others.",
    })}
    ${form.view({
      fields: html`${textField({
        ...form.text("code"),
        label: "Claim code",
        hint: html`Printed by <code>npm start</code>; <code>npm run claim</code> prints another. It opens once.`,
        isMono: true,
      })}
      ${textField({
        ...form.text("organization"),
        label: "Name of your organization",
        isRequired: false,
        maxLength: 80,
      })}`,
      action: "Claim",
    })}`;
  }

  #acceptView(): TemplateResult {
    const form = this.#accept;
    const isMember = this.app.memberships.length > 0;
    const leave = () => this.dispatchEvent(new Event("joined"));
    return html`${pageHead({
      title: this.codes.invitation === undefined ? "You are in no organization yet" : "Accept your invitation",
      lead: "An invitation makes you a member of an organization, with the role that it names.",
    })}
    ${form.view({
      fields: textField({
        ...form.text("code"),
        label: "Invitation code or link",
        hint: "From an owner or an admin of the organization. It opens once.",
        isMono: true,
      }),
      action: "Accept",
      onCancel: isMember ? leave : undefined,
    })}
    ${
      isMember
        ? html``
        : html`<p class="soft">
            Not the wallet that was invited? ${button({ label: "Sign out", kind: "plain", onClick: this.app.signOut })}
          </p>`
    }`;
  }
}

customElements.define("join-page", JoinPageElement);

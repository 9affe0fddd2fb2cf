import { html, type TemplateResult } from "lit";
import { notFoundPage } from "../../app/not-found.ts";
import { Page } from "../../app/page.ts";
import { pageHead, panel } from "../../ui/layout.ts";
import { button } from "../../ui/button.ts";
import { ROLES } from "./roles.ts";
import "./member-list.ts";
import "./invitation-list.ts";
import type { InvitationListElement } from "./invitation-list.ts";
import "./members-page.css";

/** Who may do what in an organization, and who is invited. */
export class MembersPageElement extends Page {
  protected override render(): TemplateResult {
    const { membership } = this.app;
    if (!membership) return notFoundPage("/dashboard/organizations");
    const { id, name } = membership.organization;
    return html`${pageHead({
        title: "Members",
        lead: `Who may do what in ${name}. Everybody signs in with a wallet.`,
        actions: button({
          label: "Invite somebody",
          icon: "plus",
          kind: "primary",
          blocked: this.blocked("createInvitation"),
          onClick: () => this.querySelector<InvitationListElement>("invitation-list")?.invite(),
        }),
      })}
      <member-list .organizationId=${id}></member-list>
      <invitation-list .organizationId=${id}></invitation-list>
      ${panel({
        title: "What the roles may",
        body: html`<dl class="roles">
          ${ROLES.map(
            ({ label, hint }) =>
              html`<div>
                <dt>${label}</dt>
                <dd>${hint}</dd>
              </div>`,
          )}
        </dl>`,
      })}`;
  }
}

customElements.define("members-page", MembersPageElement);

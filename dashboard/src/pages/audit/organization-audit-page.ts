import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { pageHead, panel } from "../../ui/layout.ts";
import { noAccess } from "../../ui/no-access.ts";
import { createPager } from "../../ui/pager.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { auditEntries } from "./audit-entries.ts";
import "./audit.css";

export class OrganizationAuditPageElement extends Page {
  readonly #pager = createPager(this);
  readonly #entries = new Task(this, {
    args: () =>
      [
        this.params["organization"] ?? "",
        this.blocked("listOrganizationAudit") === undefined,
        this.#pager.cursor,
      ] as const,
    task: async ([organizationId, mayRead, cursor], { signal }) =>
      mayRead
        ? this.app.api.call("listOrganizationAudit", { params: { organizationId }, query: { cursor }, signal })
        : undefined,
  });

  protected override render(): TemplateResult {
    const refused = this.blocked("listOrganizationAudit");
    return html`
      ${pageHead({
        title: "Audit log",
        lead: "Who changed members, invitations and the organization itself. Each project has a log of its own.",
      })}
      ${panel({
        body:
          refused === undefined
            ? loaded(this.#entries, (page) =>
                page === undefined
                  ? html``
                  : page.data.length === 0
                    ? emptyState({
                        icon: "audit",
                        title: "Nothing has been changed yet",
                        body: "Invite somebody, and the log says who did.",
                      })
                    : html`${auditEntries(page.data)}${this.#pager.view(page.nextCursor)}`,
              )
            : noAccess(refused),
      })}
    `;
  }
}

customElements.define("organization-audit-page", OrganizationAuditPageElement);

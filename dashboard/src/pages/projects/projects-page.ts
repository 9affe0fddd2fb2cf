import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import type { Membership } from "../../../../bff/src/contract/manage/organizations.ts";
import type { ManagedProject } from "../../../../bff/src/contract/manage/projects.ts";
import { Page } from "../../app/page.ts";
import { projectLink } from "../../app/router.ts";
import { time } from "../../format/times.ts";
import { environmentBadge, stateBadge } from "../../ui/badge.ts";
import { button } from "../../ui/button.ts";
import { selectField } from "../../ui/field.ts";
import { filterBar, pageHead, panel } from "../../ui/layout.ts";
import { createPager } from "../../ui/pager.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { type Column, dataTable } from "../../ui/table.ts";
import { notFoundPage } from "../../app/not-found.ts";
import { createNewProject } from "./new-project.ts";
import { createRename } from "./rename.ts";
import "./organization-sponsors.ts";

const COLUMNS: readonly Column<ManagedProject>[] = [
  { key: "name", header: "Project", cell: ({ name }) => name },
  { key: "environment", header: "Environment", cell: ({ environment }) => environmentBadge(environment) },
  { key: "status", header: "Status", cell: ({ status }) => stateBadge(status) },
  {
    key: "networks",
    header: "Networks",
    cell: ({ networks }) => (networks.length > 0 ? networks.join(", ") : "none yet"),
  },
  { key: "made", header: "Made", cell: ({ createdAt }) => time(createdAt) },
];

/** An organization's home: its projects, and what it has to pay with. */
export class ProjectsPageElement extends Page {
  readonly #pager = createPager(this);
  readonly #new = createNewProject(this, () => this.app);
  readonly #rename = createRename(this, () => this.app);
  readonly #projects = new Task(this, {
    args: () => [this.params["organization"] ?? "", this.#environment, this.#pager.cursor] as const,
    task: ([organizationId, environment, cursor], { signal }) =>
      this.app.api.call("listProjects", { params: { organizationId }, query: { environment, cursor }, signal }),
  });

  get #environment(): "test" | "live" | undefined {
    const asked = this.query.get("environment");
    return asked === "test" || asked === "live" ? asked : undefined;
  }

  protected override render(): TemplateResult {
    const { membership } = this.app;
    return membership ? this.#page(membership) : notFoundPage("/dashboard/organizations");
  }

  #page({ organization, role }: Membership): TemplateResult {
    const add = (kind: "primary" | "quiet") =>
      button({
        label: "New project",
        icon: "plus",
        kind,
        blocked: this.blocked("createProject"),
        onClick: this.#new.open,
      });
    return html`${pageHead({
        title: organization.name,
        lead: `Its projects and its sponsors. Your role here is ${role}.`,
        actions: [
          button({
            label: "Rename",
            icon: "edit",
            blocked: this.blocked("changeOrganization"),
            onClick: () => this.#rename.open(organization),
          }),
          add("primary"),
        ],
      })}
      ${panel({
        title: "Projects",
        lead: "A test project never has a mainnet; keep one beside each live one.",
        actions: filterBar({
          fields: selectField({
            name: "environment",
            label: "Environment",
            value: this.#environment ?? "",
            options: [
              { value: "", label: "Test and live" },
              { value: "test", label: "Test" },
              { value: "live", label: "Live" },
            ],
            onChange: (environment) => {
              this.#pager.reset();
              this.setQuery({ environment });
            },
          }),
          isFiltered: false,
          onReset: () => undefined,
        }),
        body: html`${loaded(
          this.#projects,
          ({ data, nextCursor }) =>
            html`${dataTable({
              caption: `Projects of ${organization.name}`,
              columns: COLUMNS,
              rows: data,
              key: ({ id }) => id,
              href: ({ id }) => projectLink(id, "overview"),
              empty: emptyState({
                icon: "projects",
                title: this.#environment ? `No ${this.#environment} project` : "No project yet",
                body: "A project has its own keys, origins, policy and budgets. Begin with one for tests.",
                action: add("quiet"),
              }),
            })}${this.#pager.view(nextCursor)}`,
        )}`,
      })}
      <organization-sponsors .organizationId=${organization.id}></organization-sponsors>
      ${this.#new.view(organization.id)} ${this.#rename.view()}`;
  }
}

customElements.define("projects-page", ProjectsPageElement);

import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import type { ManagedProject } from "../../../bff/src/contract/manage/projects.ts";
import { environmentBadge } from "../ui/badge.ts";
import { icon } from "../ui/icons.ts";
import { loaded, skeleton } from "../ui/states.ts";
import { AppElement } from "./element.ts";
import { link } from "./router.ts";

/** As many as can be looked through; the organization's page has the others. */
const SHOWN = 20;

/** Where one is, and the way to another project or organization. */
export class ProjectSwitcherElement extends AppElement {
  static override properties = { isOpen: { state: true } };
  declare private isOpen: boolean;

  readonly #projects = new Task(this, {
    args: () => [this.isOpen ? this.app.membership?.organization.id : undefined] as const,
    task: async ([organizationId], { signal }): Promise<readonly ManagedProject[]> => {
      if (organizationId === undefined) return [];
      const query = { limit: String(SHOWN) };
      const { data } = await this.app.api.call("listProjects", { params: { organizationId }, query, signal });
      return data;
    },
  });

  constructor() {
    super();
    this.isOpen = false;
  }

  readonly #close = (): void => {
    this.querySelector<HTMLElement>("[popover]")?.hidePopover();
  };

  protected override render(): TemplateResult {
    const { project, membership } = this.app;
    return html`<button type="button" class="button plain switcher" popovertarget="switcher">
        <span class="switcher-name">${project?.name ?? membership?.organization.name}</span>
        ${project ? environmentBadge(project.environment) : nothing}${icon("chevron")}
      </button>
      <div
        id="switcher"
        class="menu"
        popover
        @toggle=${(event: ToggleEvent) => (this.isOpen = event.newState === "open")}
        @click=${this.#close}
      >
        ${this.isOpen ? this.#menu() : nothing}
      </div>`;
  }

  #menu(): TemplateResult {
    const { memberships, membership, project: open } = this.app;
    return html`<p>Projects of ${membership?.organization.name}</p>
      ${loaded(
        this.#projects,
        (projects) =>
          html`<ul>
            ${projects.map(
              ({ id, name, environment }) =>
                html`<li>
                  <a href=${link(`/p/${id}/overview`)} aria-current=${id === open?.id ? "true" : nothing}>
                    <span>${name}</span>${environmentBadge(environment)}
                  </a>
                </li>`,
            )}
          </ul>`,
        skeleton(3),
      )}
      <p>Organizations</p>
      <ul>
        ${memberships.map(
          ({ organization, role }) =>
            html`<li>
              <a href=${link(`/o/${organization.id}/projects`)}>
                <span>${organization.name}</span><small>${role}</small>
              </a>
            </li>`,
        )}
        <li><a href=${link("/organizations")}>All organizations</a></li>
      </ul>`;
  }
}

customElements.define("project-switcher", ProjectSwitcherElement);

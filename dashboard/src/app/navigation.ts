import { html, nothing, type TemplateResult } from "lit";
import { button } from "../ui/button.ts";
import { dialog } from "../ui/dialog.ts";
import { icon } from "../ui/icons.ts";
import { AppElement } from "./element.ts";
import { link } from "./router.ts";
import "./theme-switch.ts";
import { ORGANIZATION_NAVIGATION, PROJECT_NAVIGATION } from "./routes.ts";

interface Item {
  readonly href: string;
  readonly label: string;
  readonly icon: Parameters<typeof icon>[0];
}

/** The pages of the project that is open, and those of its organization. */
export class NavigationElement extends AppElement {
  static override properties = { path: {} };
  declare path: string;

  protected override render(): TemplateResult {
    const { project, membership } = this.app;
    const organization = membership?.organization;
    return html`
      ${project ? PROJECT_NAVIGATION.map(([group, items]) => this.#group(group, items, `/p/${project.id}`)) : nothing}
      ${organization ? this.#group(organization.name, ORGANIZATION_NAVIGATION, `/o/${organization.id}`) : nothing}
      <div class="group">
        <p>Help</p>
        <ul>
          <li><a href="/docs/guide">${icon("list")}Guide</a></li>
          <li><a href="/docs">${icon("info")}API reference</a></li>
        </ul>
      </div>
    `;
  }

  #group(name: string, items: readonly { path: string; label: string; icon: Item["icon"] }[], base: string) {
    return html`<div class="group">
      ${name ? html`<p>${name}</p>` : nothing}
      <ul>
        ${items.map((item) => this.#item({ ...item, href: link(`${base}/${item.path}`) }, base))}
      </ul>
    </div>`;
  }

  #item({ href, label, icon: name }: Item, base: string): TemplateResult {
    const here = this.path === link(base) ? this.#first(base) : this.path;
    const isHere = here === href || here.startsWith(`${href}/`);
    return html`<li><a href=${href} aria-current=${isHere ? "page" : nothing}>${icon(name)}${label}</a></li>`;
  }

  /** The page that stands under a bare `/p/…` or `/o/…`. */
  #first(base: string): string {
    return link(`${base}/${base.startsWith("/p/") ? "overview" : "projects"}`);
  }
}

/** The same on a phone, behind a button. */
export class DrawerElement extends AppElement {
  static override properties = { path: {}, isOpen: { state: true } };
  declare path: string;
  declare private isOpen: boolean;

  constructor() {
    super();
    this.isOpen = false;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("path")) this.isOpen = false;
  }

  protected override render(): TemplateResult {
    return html`${button({
      label: "Pages",
      icon: "menu",
      isIconOnly: true,
      kind: "plain",
      onClick: () => (this.isOpen = true),
    })}
    ${dialog({
      heading: "Pages",
      isOpen: this.isOpen,
      onClose: () => (this.isOpen = false),
      body: () =>
        html`<nav aria-label="Pages"><app-navigation .path=${this.path}></app-navigation></nav>
          <theme-switch></theme-switch>`,
    })}`;
  }
}

customElements.define("app-navigation", NavigationElement);
customElements.define("app-drawer", DrawerElement);

import type { PropertyDeclarations } from "lit";
import type { ManagedProject } from "../../../bff/src/contract/manage/projects.ts";
import { AppElement } from "./element.ts";
import { link } from "./router.ts";

/** A page of the dashboard: what its address says, and how to change that. Its first heading is an `h1` by `pageHead`. */
export class Page extends AppElement {
  static override properties: PropertyDeclarations = { params: { attribute: false }, query: { attribute: false } };

  /** The names in its pattern. */
  declare params: Readonly<Record<string, string>>;
  declare query: URLSearchParams;
  #path = "";

  constructor() {
    super();
    this.params = {};
    this.query = new URLSearchParams();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#path = location.pathname;
  }

  /** Of a page below `/p/:project`. */
  get project(): ManagedProject {
    const { project } = this.app;
    if (!project) throw new Error("This page is not a project's.");
    return project;
  }

  /** The network that the page is about: `?network=`, else the project's first; undefined when it has none. */
  get network(): string | undefined {
    const { networks } = this.project;
    const asked = this.query.get("network");
    return asked !== null && networks.includes(asked) ? asked : networks[0];
  }

  /** The address of another page of this project. */
  projectLink(page: string, query: Readonly<Record<string, string | undefined>> = {}): string {
    return link(`/p/${this.project.id}/${page}`, query);
  }

  /** Changes the query of the address, and with it the page; an empty value takes its name out. */
  setQuery(changes: Readonly<Record<string, string | undefined>>): void {
    // Whoever is on the way to another page, while that is loaded, takes no filter of this one along.
    if (location.pathname !== this.#path) return;
    const query = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(changes)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    this.app.navigate(`${this.#path}${query.size > 0 ? `?${query.toString()}` : ""}`, { replace: true });
  }
}

import { ContextProvider } from "@lit/context";
import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { Me } from "../../../bff/src/contract/manage/organizations.ts";
import type { ManagedProject } from "../../../bff/src/contract/manage/projects.ts";
import type { Api } from "../api/client.ts";
import { toProblem } from "../api/problem.ts";
import { type EntryCodes, takeCodes } from "../session/codes.ts";
import type { SignIn } from "../session/sign-in.ts";
import { withdrawQuestion } from "../ui/confirm.ts";
import { pageHead } from "../ui/layout.ts";
import { problemNote, skeleton } from "../ui/states.ts";
import { type App, appContext } from "./context.ts";
import { frame } from "./frame.ts";
import { focusPage, NOT_LOADED, type Shown, showPage } from "./outlet.ts";
import { isAddressHeld } from "./leave.ts";
import { addressOfClick, link, matchPath } from "./router.ts";
import { ROUTES } from "./routes.ts";
import { notFoundPage } from "./not-found.ts";
import { forget } from "../pages/explain/recall.ts";
import "../pages/join/join-page.ts";
import "../pages/join/sign-in-page.ts";

/** How long a session that was here before may take to be found again. */
const RESTORE_MS = 4_000;

/** The whole dashboard: who is signed in, which address is shown, and the frame around it. */
export class ShellElement extends LitElement {
  static override properties = {
    api: { attribute: false },
    signIn: { attribute: false },
    me: { state: true },
    project: { state: true },
    shown: { state: true },
    problem: { state: true },
    isRestoring: { state: true },
    isMoving: { state: true },
    codes: { state: true },
  };
  declare api: Api;
  declare signIn: SignIn;
  declare private me: Me | undefined;
  declare private project: ManagedProject | undefined;
  declare private shown: Shown | undefined;
  declare private problem: unknown;
  declare private isRestoring: boolean;
  declare private isMoving: boolean;
  declare private codes: EntryCodes;
  readonly #provider = new ContextProvider(this, { context: appContext });
  /** Counts navigations: what was begun for an address that has been left is dropped. */
  #turn = 0;
  #isFirst = true;
  #app: App | undefined;

  constructor() {
    super();
    this.isRestoring = false;
    this.isMoving = false;
    this.codes = { claim: undefined, invitation: undefined };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#takeCodes();
    window.addEventListener("popstate", this.#onAddress);
    document.addEventListener("click", this.#onClick);
    this.signIn.onChange(() => void this.#enter());
    if (this.signIn.isSignedIn) void this.#enter();
    else if (this.signIn.wasSignedIn) {
      this.isRestoring = true;
      // Its code can come while the session does.
      matchPath(ROUTES, location.pathname)
        ?.value.load()
        .catch(() => undefined);
      setTimeout(() => (this.isRestoring = false), RESTORE_MS);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("popstate", this.#onAddress);
    document.removeEventListener("click", this.#onClick);
  }

  /** Of the address that the page came with, and of one that was pasted since, which loads nothing anew. */
  #takeCodes(): void {
    const { codes, address } = takeCodes(new URL(location.href));
    if (address === undefined) return;
    this.codes = codes;
    history.replaceState(null, "", address);
  }

  /** Reads who is there, then shows what the address asks for. */
  async #enter(): Promise<void> {
    this.isRestoring = false;
    this.#turn += 1;
    const turn = this.#turn;
    // What is shown was for somebody else.
    this.me = this.project = this.shown = this.problem = undefined;
    forget();
    if (!this.signIn.isSignedIn) return;
    try {
      const me = await this.api.call("readMe", {});
      if (turn !== this.#turn) return;
      this.me = me;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.problem = thrown;
      return;
    }
    await this.#show();
  }

  readonly #retry = (): void => {
    // A browser remembers that a file of the page could not be loaded.
    if (toProblem(this.problem).code === NOT_LOADED) location.reload();
    else void (this.me ? this.#show() : this.#enter());
  };

  readonly #onAddress = (): void => {
    this.#takeCodes();
    if (!isAddressHeld(location.pathname + location.search + location.hash, true)) void this.#show();
  };

  readonly #onClick = (event: MouseEvent): void => {
    const url = addressOfClick(event, new URL(location.href));
    if (!url) return;
    event.preventDefault();
    const address = url.pathname + url.search + url.hash;
    if (!isAddressHeld(address, false)) this.#navigate(address);
  };

  #navigate(address: string, { replace = false }: { readonly replace?: boolean } = {}): void {
    if (replace) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    void this.#show();
  }

  async #show(): Promise<void> {
    if (!this.me) return;
    this.#turn += 1;
    const turn = this.#turn;
    const url = this.#address(this.me);
    const match = matchPath(ROUTES, url.pathname);
    const before = this.shown;
    this.isMoving = true;
    try {
      const projectId = match?.params["project"];
      const project = this.project?.id === projectId ? this.project : undefined;
      const [found, next] = await Promise.all([
        project ?? (projectId === undefined ? undefined : this.api.call("readProject", { params: { projectId } })),
        match && showPage(before, match, url),
      ]);
      if (turn !== this.#turn) return;
      this.problem = undefined;
      // What is the same project may have been read again meanwhile.
      if (found?.id !== this.project?.id) this.project = found;
      this.shown = next;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.problem = thrown;
      this.shown = undefined;
    }
    this.isMoving = false;
    await this.updateComplete;
    const isNew = this.shown?.element !== before?.element;
    if (this.shown && isNew && !this.#isFirst) await focusPage(this.shown, url.hash);
    this.#isFirst = false;
  }

  /** Whoever has one organization is at home in it. */
  #address({ organizations }: Me): URL {
    const [only, other] = organizations;
    if (/^\/dashboard\/?$/.test(location.pathname) && only && !other) {
      history.replaceState(null, "", link(`/o/${only.organization.id}/projects`));
    }
    return new URL(location.href);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!["me", "project", "shown"].some((name) => changed.has(name))) return;
    // What was asked on a page that has been left is not answered on the next.
    if (changed.has("shown")) withdrawQuestion();
    if (!this.me) {
      this.#app = undefined;
      return;
    }
    const { user, organizations } = this.me;
    const { shown } = this;
    const organizationId = this.project?.organizationId ?? this.shown?.element.params["organization"];
    this.#app = {
      api: this.api,
      user,
      memberships: organizations,
      membership: organizations.find(({ organization }) => organization.id === organizationId),
      project: this.project,
      navigate: (address, options) => {
        // An answer that comes late moves nobody who has gone on, or is about to while the next page is loaded.
        const isHere = shown === this.shown && (shown === undefined || shown.path === location.pathname);
        if (isHere) this.#navigate(address, options);
      },
      refresh: () => this.#refresh(),
      signOut: () => this.signIn.signOut(),
    };
    const place = this.project?.name ?? this.#app.membership?.organization.name;
    document.title = [this.shown?.route.title, place, "Gasless"].filter(Boolean).join(" · ");
  }

  /** After the page that goes has gone: what is not its own any more is not told to it. */
  protected override updated(): void {
    if (this.#app && this.#app !== this.#provider.value) this.#provider.setValue(this.#app);
  }

  async #refresh(): Promise<void> {
    const projectId = this.project?.id;
    const [me, project] = await Promise.all([
      this.api.call("readMe", {}),
      projectId === undefined ? undefined : this.api.call("readProject", { params: { projectId } }),
    ]);
    // Somebody may have signed out meanwhile, or gone to another project.
    if (this.me?.user.id !== me.user.id) return;
    this.me = me;
    if (this.project?.id === projectId) this.project = project;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`
      ${frame({
        app: this.#app,
        signIn: this.signIn,
        path: location.pathname,
        isMoving: this.isMoving,
        content: this.#content(),
      })}
      <ui-confirm></ui-confirm>
    `;
  }

  #content(): TemplateResult | HTMLElement {
    if (this.problem !== undefined) {
      return html`<div>${pageHead({ title: "This cannot be shown" })}${problemNote(this.problem, this.#retry)}</div>`;
    }
    if (!this.me) {
      if (this.isRestoring || this.signIn.isSignedIn) return skeleton();
      return html`<sign-in-page .signIn=${this.signIn} .codes=${this.codes}></sign-in-page>`;
    }
    const hasCode = this.codes.claim !== undefined || this.codes.invitation !== undefined;
    if (this.me.organizations.length === 0 || hasCode) {
      return html`<join-page
        .codes=${this.codes}
        .isClaimed=${this.me.isClaimed}
        @joined=${() => (this.codes = { claim: undefined, invitation: undefined })}
      ></join-page>`;
    }
    if (this.shown) return this.shown.element;
    return this.isMoving ? skeleton() : notFoundPage(link("/"));
  }
}

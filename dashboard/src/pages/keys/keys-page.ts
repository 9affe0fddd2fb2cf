import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import type { CreatedKey, ProjectKey } from "../../../../bff/src/contract/manage/projects.ts";
import { Page } from "../../app/page.ts";
import { time } from "../../format/times.ts";
import { badge, stateBadge } from "../../ui/badge.ts";
import { button } from "../../ui/button.ts";
import { confirm } from "../../ui/confirm.ts";
import { pageHead, panel } from "../../ui/layout.ts";
import { noAccess } from "../../ui/no-access.ts";
import { createPager } from "../../ui/pager.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { toast, toastError } from "../../ui/toast.ts";
import { holdKey } from "./hold-key.ts";
import type { KeyMadeEvent } from "./key-made-event.ts";
import "./embed-snippet.ts";
import "./new-key-dialog.ts";
import "./new-key-panel.ts";
import "./roll-key-dialog.ts";
import "./keys.css";

const nameOf = ({ name, kind, lastFour }: ProjectKey): string =>
  name ?? `${kind === "secret" ? "Secret" : "Publishable"} …${lastFour}`;

/** What a key opens: scopes of a secret one, sign-in and relays of the others. */
function opens({ kind, scopes }: ProjectKey): TemplateResult {
  if (kind === "publishable") return html`<span class="soft">sign-in and relays</span>`;
  const [first, ...others] = scopes;
  return html`<span title=${scopes.join(", ")}
    ><code>${first}</code
    >${others.length > 0 ? html` <span class="soft">and ${others.length} more</span>` : nothing}</span
  >`;
}

export class KeysPageElement extends Page {
  static override properties = { isMaking: { state: true }, rolling: { state: true }, made: { state: true } };
  declare private isMaking: boolean;
  declare private rolling: ProjectKey | undefined;
  /** Shown until the person says that it is stored; nobody can read it again. */
  declare private made: CreatedKey | undefined;

  readonly #pager = createPager(this);
  readonly #keys = new Task(this, {
    args: () => [this.project.id, this.blocked("listKeys") === undefined, this.#pager.cursor] as const,
    task: async ([projectId, mayRead, cursor], { signal }) =>
      mayRead ? this.app.api.call("listKeys", { params: { projectId }, query: { cursor }, signal }) : undefined,
  });

  constructor() {
    super();
    this.isMaking = false;
    holdKey(this, {
      isHeld: () => this.made !== undefined,
      body: "You have not said that it is stored. When you leave it cannot be read again: you would have to make another one.",
      leave: (address) => {
        this.made = undefined;
        this.app.navigate(address);
      },
    });
  }

  protected override render(): TemplateResult {
    const refused = this.blocked("listKeys");
    return html`
      ${pageHead({
        title: "Keys",
        lead: "A publishable key stands on your pages and names the project. A secret key steers it from your servers, as far as its scopes go.",
        actions: button({
          label: "Make a key",
          kind: "primary",
          icon: "plus",
          blocked: this.blocked("createKey"),
          onClick: () => (this.isMaking = true),
        }),
      })}
      ${
        this.made
          ? html`<new-key-panel .made=${this.made} @key-stored=${() => (this.made = undefined)}></new-key-panel>`
          : nothing
      }
      ${panel({ body: refused === undefined ? this.#list() : noAccess(refused) })}
      ${refused === undefined ? this.#snippet() : nothing}
      <new-key-dialog
        .isOpen=${this.isMaking}
        @key-made=${(event: KeyMadeEvent) => this.#show(event.key)}
        @key-closed=${() => (this.isMaking = false)}
      ></new-key-dialog>
      <roll-key-dialog
        .rolling=${this.rolling}
        @key-made=${(event: KeyMadeEvent) => this.#show(event.key)}
        @key-closed=${() => (this.rolling = undefined)}
      ></roll-key-dialog>
    `;
  }

  async #show(key: CreatedKey): Promise<void> {
    this.made = key;
    await this.#keys.run();
  }

  #list(): TemplateResult {
    return loaded(this.#keys, (page) =>
      page === undefined
        ? html``
        : html`${dataTable<ProjectKey>({
            caption: "Keys, newest first",
            rows: page.data,
            key: ({ id }) => id,
            columns: this.#columns(),
            empty: emptyState({
              icon: "key",
              title: "This project has no key yet",
              body: "Make a publishable one, and the snippet for your page stands here.",
              action: button({
                label: "Make the first key",
                kind: "primary",
                blocked: this.blocked("createKey"),
                onClick: () => (this.isMaking = true),
              }),
            }),
          })}
          ${this.#pager.view(page.nextCursor)}`,
    );
  }

  #columns() {
    return [
      { key: "name", header: "Name", cell: (key: ProjectKey) => html`<b>${nameOf(key)}</b>` },
      {
        key: "kind",
        header: "Kind",
        cell: ({ kind }: ProjectKey) => badge(kind, kind === "secret" ? "warn" : "info"),
      },
      { key: "four", header: "Ends with", cell: ({ lastFour }: ProjectKey) => html`<code>…${lastFour}</code>` },
      { key: "opens", header: "Opens", cell: opens },
      { key: "used", header: "Last used", cell: ({ lastUsedAt }: ProjectKey) => time(lastUsedAt) },
      {
        key: "ends",
        header: "Until",
        cell: ({ isActive, endsAt }: ProjectKey) =>
          isActive
            ? endsAt === null
              ? html`<span class="soft">no end</span>`
              : time(endsAt)
            : html`<span>${stateBadge("revoked")} ${time(endsAt)}</span>`,
      },
      { key: "tools", header: "Change", isHeaderHidden: true, cell: (key: ProjectKey) => this.#tools(key) },
    ];
  }

  #tools(key: ProjectKey): TemplateResult | typeof nothing {
    if (!key.isActive) return nothing;
    const about = nameOf(key);
    return html`${button({
      label: "Roll",
      about,
      kind: "plain",
      blocked: this.blocked("rollKey"),
      onClick: () => (this.rolling = key),
    })}
    ${button({
      label: "Revoke",
      about,
      kind: "plain",
      icon: "trash",
      blocked: this.blocked("revokeKey"),
      onClick: () => this.#revoke(key),
    })}`;
  }

  #snippet(): TemplateResult | typeof nothing {
    const keys = this.#keys.value?.data.filter(({ kind, isActive }) => kind === "publishable" && isActive) ?? [];
    return keys.length === 0 ? nothing : html`<embed-snippet .keys=${keys} .made=${this.made}></embed-snippet>`;
  }

  async #revoke(key: ProjectKey): Promise<void> {
    const { id, kind, lastFour, lastUsedAt } = key;
    const where =
      kind === "publishable" ? "Pages with it can no longer sign anybody in" : "Servers with it are refused";
    const isSure = await confirm({
      heading: `Revoke ${nameOf(key)}?`,
      body: html`<p>${where}, from now on and for good. Copies in the deployment's memory end within five seconds.</p>
        <p>It was last used: ${time(lastUsedAt)}. To replace it without a refused request, roll it instead.</p>`,
      action: "Revoke it",
      isDangerous: true,
      word: lastFour,
    });
    if (!isSure) return;
    try {
      await this.app.api.call("revokeKey", { params: { projectId: this.project.id, keyId: id } });
      toast(`The key …${lastFour} opens nothing any more.`);
    } catch (thrown) {
      toastError(thrown);
    }
    await this.#keys.run();
  }
}

customElements.define("keys-page", KeysPageElement);

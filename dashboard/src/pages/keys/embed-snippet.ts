import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import type { CreatedKey, ProjectKey } from "../../../../bff/src/contract/manage/projects.ts";
import { AppElement } from "../../app/element.ts";
import { projectLink } from "../../app/router.ts";
import { codeBlock } from "../../ui/copy.ts";
import { selectField, textField } from "../../ui/field.ts";
import { panel } from "../../ui/layout.ts";
import { tabs } from "../../ui/tabs.ts";
import { isSecure } from "../origins/read-origin.ts";
import { type EmbedChoice, embedTag, isKeyEndingIn, keyPlaceholder, LOAD_LINES, policyLines } from "./embed.ts";

/** What goes onto a page: the tag with a publishable key, and what the page's policy has to allow. */
export class EmbedSnippetElement extends AppElement {
  static override properties = {
    keys: { attribute: false },
    made: { attribute: false },
    keyId: { state: true },
    pasted: { state: true },
    network: { state: true },
    site: { state: true },
    way: { state: true },
  };
  /** Publishable ones that open. */
  declare keys: readonly ProjectKey[];
  /** One that was made just now is known as a whole. */
  declare made: CreatedKey | undefined;
  declare private keyId: string;
  declare private pasted: string;
  declare private network: string;
  /** An origin that serves the widget's file; empty: each page's own. */
  declare private site: string;
  declare private way: string;

  readonly #origins = new Task(this, {
    args: () => [this.app.project?.id ?? ""] as const,
    task: ([projectId], { signal }) => this.app.api.call("listOrigins", { params: { projectId }, signal }),
  });

  constructor() {
    super();
    this.keys = [];
    this.keyId = "";
    this.pasted = "";
    this.network = "";
    this.site = "";
    this.way = "tag";
  }

  get #key(): ProjectKey | undefined {
    const wanted = this.keyId || (this.made?.kind === "publishable" ? this.made.id : "");
    return this.keys.find(({ id }) => id === wanted) ?? this.keys[0];
  }

  protected override render(): TemplateResult {
    const key = this.#key;
    const { project } = this.app;
    if (!key || !project) return html``;
    const { environment, networks } = project;
    const isKnown = this.made?.id === key.id;
    const isPasted = isKeyEndingIn(this.pasted, environment, key.lastFour);
    const text = isKnown ? (this.made?.key ?? "") : isPasted ? this.pasted : keyPlaceholder(environment, key.lastFour);
    const choice = {
      key: text,
      api: location.origin,
      network: this.network || undefined,
      site: this.site || undefined,
    };
    return panel({
      title: "On your page",
      lead: "Serve the widget's files from your own site, or let your bundler do it.",
      body: html`
        <div class="embed-choices">
          ${this.keys.length < 2 ? "" : this.#keyField(key)} ${isKnown ? "" : this.#pasteField(key, isPasted)}
          ${selectField<string>({
            name: "embed-network",
            label: "Network",
            hint: "Which network's wallets people can come with.",
            value: this.network,
            options: [
              { value: "", label: "Any of the project's" },
              ...networks.map((each) => ({ value: each, label: each })),
            ],
            onChange: (network) => (this.network = network),
          })}
          ${this.#siteField()}
        </div>
        ${tabs({
          label: "Ways to embed",
          tabs: [
            { id: "tag", label: "Script tag" },
            { id: "bundler", label: "Bundler" },
            { id: "csp", label: "Security policy" },
          ],
          current: this.way,
          onSelect: (way) => (this.way = way),
          body: html`<div class="embed-body">${this.#way(choice, networks)}</div>`,
        })}
        ${this.#originsNote()}
      `,
    });
  }

  #way(choice: EmbedChoice, networks: readonly string[]): TemplateResult {
    switch (this.way) {
      case "bundler":
        return html`${codeBlock("npm install gasless-wallet", "Once")} ${codeBlock(LOAD_LINES, "In your script")}
        ${codeBlock(embedTag({ ...choice, isBundled: true }), "On the page")}`;
      case "csp":
        return html`<p class="soft">What a strict content security policy of your page has to allow:</p>
          ${codeBlock(`${policyLines(choice, networks).join(";\n")};`, "Content-Security-Policy")}`;
      default:
        return html`<p class="soft">
            The widget's files are those that <code>npm run build</code> makes in <code>widget/dist</code>. Serve them
            as they are, <code>gasless-wallet.js</code> with <code>chunks</code> beside it: until
            <code>${choice.site ?? ""}/gasless-wallet.js</code> is there, the tag does nothing.
          </p>
          ${codeBlock(embedTag(choice), "On the page")}`;
    }
  }

  #keyField({ id }: ProjectKey): TemplateResult {
    return selectField<string>({
      name: "embed-key",
      label: "Publishable key",
      value: id,
      options: this.keys.map((each) => ({
        value: each.id,
        label: `${each.name ?? "Publishable"} …${each.lastFour}`,
      })),
      onChange: (keyId) => (this.keyId = keyId),
    });
  }

  #pasteField({ lastFour }: ProjectKey, isPasted: boolean): TemplateResult {
    return textField({
      name: "embed-paste",
      label: "Your key",
      hint: html`The one that ends with <code>${lastFour}</code>: keys are not kept, so paste it to have it in the
        snippet. It stays on this page.`,
      isMono: true,
      isRequired: false,
      value: this.pasted,
      error: this.pasted !== "" && !isPasted ? `is no publishable key that ends with ${lastFour}` : undefined,
      onInput: (pasted) => (this.pasted = pasted.trim()),
    });
  }

  #siteField(): TemplateResult {
    const origins = this.#origins.value?.data ?? [];
    return selectField<string>({
      name: "embed-site",
      label: "Served by",
      hint: "Which of your origins has the widget's files.",
      value: this.site,
      options: [
        { value: "", label: "Each page's own" },
        ...origins.map(({ origin }) => ({ value: origin, label: origin })),
      ],
      onChange: (site) => (this.site = site),
    });
  }

  #originsNote(): TemplateResult {
    const origins = this.#origins.value?.data.map(({ origin }) => origin).filter(isSecure);
    const href = projectLink(this.app.project?.id ?? "", "origins");
    if (origins === undefined) return html``;
    return origins.length === 0
      ? html`<p class="note warn">
          No page can be signed in on yet: no origin of https, or of this machine, is listed.
          <a href=${href}>Add your page's origin</a> first.
        </p>`
      : html`<p class="soft">
          It works on
          ${origins.slice(0, 3).map((origin, index) => html`${index > 0 ? ", " : ""}<code>${origin}</code>`)}${
            origins.length > 3 ? ` and ${origins.length - 3} more` : ""
          }.
          <a href=${href}>Change the origins</a>
        </p>`;
  }
}

customElements.define("embed-snippet", EmbedSnippetElement);

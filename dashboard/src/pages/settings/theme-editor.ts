import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { AppElement } from "../../app/element.ts";
import { badge } from "../../ui/badge.ts";
import { button } from "../../ui/button.ts";
import { textField } from "../../ui/field.ts";
import { panel } from "../../ui/layout.ts";
import { problemNote } from "../../ui/states.ts";
import { toast } from "../../ui/toast.ts";
import { saveProject } from "./save-project.ts";
import { checkContrast, parseHex } from "./contrast.ts";
import {
  defaultOf,
  fullHex,
  PROPERTIES,
  sameTheme,
  type Theme,
  themeFaults,
  themeWith,
  unlistedIn,
} from "./theme-properties.ts";
import "./theme-preview.ts";

/** The widget's looks in this project: its custom properties, how they come out, and whether they can be read. */
export class ThemeEditorElement extends AppElement {
  static override properties = { typed: { state: true }, problem: { state: true }, isBusy: { state: true } };
  /** Since it was saved. What else there is may be changed by others meanwhile, and is theirs to say. */
  declare private typed: Theme;
  declare private problem: unknown;
  declare private isBusy: boolean;

  constructor() {
    super();
    this.typed = {};
    this.isBusy = false;
  }

  get #kept(): Theme {
    return this.app.project?.theme ?? {};
  }

  #set(name: string, value: string): void {
    this.typed = { ...this.typed, [name]: value.trim() };
  }

  async #save(theme: Theme): Promise<void> {
    const { project } = this.app;
    if (!project) return;
    this.isBusy = true;
    this.problem = undefined;
    try {
      const { typed } = this;
      const kept = project.theme;
      await saveProject(this.app, project, { theme: { ...theme } }, (now) => sameTheme(now.theme, kept));
      toast("Saved. Pages see it within five seconds.");
      await this.app.refresh();
      if (this.typed === typed) this.typed = {};
    } catch (thrown) {
      this.problem = thrown;
    }
    this.isBusy = false;
  }

  protected override render(): TemplateResult {
    const theme = themeWith(this.#kept, this.typed);
    const faults = themeFaults(theme);
    const isSame = sameTheme(theme, this.#kept);
    const blocked = this.blocked("changeProject");
    return panel({
      title: "Looks of the widget",
      lead: "Custom properties that every page of the project starts from. What is empty is the widget's own, in the light and in the dark.",
      body: html`
        <div class="theme">
          <div class="theme-fields">${PROPERTIES.map((property) => this.#field(property, theme, faults, blocked))}</div>
          <div class="theme-look">
            <theme-preview .theme=${theme}></theme-preview>
            ${this.#contrast(theme)}
          </div>
        </div>
        ${unlistedIn(theme).map(
          (name) =>
            html`<p class="soft small">
              <code>${name}: ${theme[name]}</code> is kept as it is.
              ${button({ label: "Remove", about: name, kind: "plain", blocked, onClick: () => this.#set(name, "") })}
            </p>`,
        )}
        ${this.problem === undefined ? nothing : problemNote(this.problem)}
        <div class="actions">
          ${button({
            label: "Save the looks",
            kind: "primary",
            isBusy: this.isBusy,
            blocked:
              blocked ??
              (Object.keys(faults).length > 0
                ? "One of the values is none."
                : isSame
                  ? "Nothing has been changed."
                  : undefined),
            onClick: () => this.#save(theme),
          })}
          ${isSame ? nothing : button({ label: "Undo", kind: "plain", onClick: () => (this.typed = {}) })}
        </div>
      `,
    });
  }

  #field(
    { name, label, hint, isColor }: (typeof PROPERTIES)[number],
    theme: Theme,
    faults: Readonly<Record<string, string>>,
    blocked: string | undefined,
  ): TemplateResult {
    const value = theme[name] ?? "";
    const hex = parseHex(value);
    return html`<div class="theme-field">
      ${textField({
        name: `theme-${name}`,
        label,
        hint,
        value,
        placeholder: defaultOf(name),
        isMono: true,
        isRequired: false,
        maxLength: 80,
        error: faults[name],
        onInput: (text) => this.#set(name, text),
        ...(blocked !== undefined && { blocked }),
      })}
      ${
        isColor
          ? html`<input
              type="color"
              aria-label=${`Pick: ${label}`}
              title=${blocked ?? nothing}
              ?disabled=${blocked !== undefined}
              .value=${live(hex ? fullHex(hex) : defaultOf(name))}
              @input=${(event: Event) => this.#set(name, (event.target as HTMLInputElement).value)}
            />`
          : nothing
      }
    </div>`;
  }

  #contrast(theme: Theme): TemplateResult {
    const checks = checkContrast(theme);
    const poor = checks.filter(({ isEnough }) => !isEnough);
    const isUnknown = checks.some(({ ratio }) => ratio === undefined);
    return html`<div role="status" class="contrast">
      ${
        poor.length === 0
          ? html`<p>${badge("readable", "good")} Text has enough contrast in the light and in the dark.</p>`
          : html`<p>${badge("hard to read", "bad")} These need a contrast of 4.5 to 1:</p>
              <ul>
                ${poor.map(
                  ({ what, scheme, ratio }) =>
                    html`<li>${what} in the ${scheme}: ${ratio?.toFixed(2) ?? "unknown"} to 1</li>`,
                )}
              </ul>`
      }
      ${isUnknown ? html`<p class="soft small">Colours that are not written in hex are not judged.</p>` : nothing}
    </div>`;
  }
}

customElements.define("theme-editor", ThemeEditorElement);

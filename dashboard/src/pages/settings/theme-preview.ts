import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { colorOf, onAccent, parseHex, type Scheme } from "./contrast.ts";
import type { Theme } from "./theme-properties.ts";

const COLORS = ["accent", "surface", "raised", "text", "muted", "line", "danger"] as const;

/** How the widget's dialog comes out, in the light and in the dark. */
export class ThemePreviewElement extends LitElement {
  static override properties = { theme: { attribute: false } };
  declare theme: Theme;

  constructor() {
    super();
    this.theme = {};
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(_changed: PropertyValues): void {
    for (const scheme of ["light", "dark"] as const) this.#paint(scheme);
  }

  /** By script: the page's policy lets no style attribute through. */
  #paint(scheme: Scheme): void {
    const sample = this.querySelector<HTMLElement>(`.sample.${scheme}`);
    if (!sample) return;
    for (const name of COLORS) sample.style.setProperty(`--p-${name}`, colorOf(this.theme, name, scheme));
    const accent = parseHex(colorOf(this.theme, "accent", scheme));
    sample.style.setProperty("--p-on-accent", accent ? onAccent(accent) : "#ffffff");
    sample.style.setProperty("--p-radius", this.theme["radius"] ?? "12px");
    sample.style.setProperty("--p-font", this.theme["font"] ?? "system-ui, sans-serif");
  }

  protected override render(): TemplateResult {
    const sample = (scheme: Scheme) =>
      html`<div class="sample ${scheme}">
        <b>Connect a wallet</b>
        <span class="sample-row">Phantom</span>
        <span class="sample-quiet">You need no SOL for this.</span>
        <span class="sample-error">The wallet did not answer.</span>
        <span class="sample-button">Connect</span>
      </div>`;
    // A picture of what is said elsewhere: colours that cannot be read are the very thing it shows.
    return html`<div class="samples" aria-hidden="true">${sample("light")}${sample("dark")}</div>`;
  }
}

customElements.define("theme-preview", ThemePreviewElement);

import { LitElement, type TemplateResult } from "lit";
import type { SignIn } from "../session/sign-in.ts";
import { applyTheme, changeTheme, readTheme, THEME_CHANGED, type Theme } from "../session/theme.ts";
import { button } from "../ui/button.ts";
import type { IconName } from "../ui/icons.ts";

const NEXT: Readonly<Record<Theme, Theme>> = { auto: "light", light: "dark", dark: "auto" };
const LOOKS: Readonly<Record<Theme, readonly [label: string, icon: IconName]>> = {
  auto: ["Theme: as the system has it", "contrast"],
  light: ["Theme: light", "sun"],
  dark: ["Theme: dark", "moon"],
};

/** Light, dark, or as the system has it; kept in this browser. */
export class ThemeSwitchElement extends LitElement {
  static override properties = { signIn: { attribute: false } };
  declare signIn: SignIn | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(THEME_CHANGED, this.#onChange);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener(THEME_CHANGED, this.#onChange);
  }

  readonly #onChange = (): void => this.requestUpdate();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const theme = readTheme();
    applyTheme(theme);
    this.signIn?.setTheme(theme);
    const [label, icon] = LOOKS[theme];
    const onClick = () => changeTheme(NEXT[theme]);
    return button({ label, icon, isIconOnly: true, kind: "plain", onClick });
  }
}

customElements.define("theme-switch", ThemeSwitchElement);

import { css } from "lit";

/**
 * The tokens; the dialog inherits them. A page sets `--gasless-*` on the element; what it does not set follows from the theme.
 * Text on the accent is black or white by the accent's own luminance (WCAG: the better one is always above 4.5 : 1).
 */
export const tokens = css`
  :host {
    --_accent: var(--gasless-accent, #5b3df5);
    --_radius: var(--gasless-radius, 12px);
    --_font: var(--gasless-font, system-ui, sans-serif);
    --_surface: var(--gasless-surface, light-dark(#ffffff, #17161c));
    --_raised: var(--gasless-raised, light-dark(#f4f3f8, #23222b));
    --_text: var(--gasless-text, light-dark(#17161c, #f4f3f8));
    --_muted: var(--gasless-muted, light-dark(#5d5a6b, #b0adbf));
    --_line: var(--gasless-line, light-dark(#dcd9e6, #3b3947));
    --_danger: var(--gasless-danger, light-dark(#b3261e, #ff9c94));
    --_on-accent: #ffffff;
    color-scheme: light dark;
    font-family: var(--_font);
  }
  :host([theme="light"]) {
    color-scheme: light;
  }
  :host([theme="dark"]) {
    color-scheme: dark;
  }
  @supports (color: color(from red xyz-d65 x y z)) {
    :host {
      --_on-accent: color(
        from var(--_accent) xyz-d65 calc(0.9505 * clamp(0, (0.179 - y) * 9999, 1)) clamp(0, (0.179 - y) * 9999, 1)
          calc(1.089 * clamp(0, (0.179 - y) * 9999, 1))
      );
    }
  }
`;

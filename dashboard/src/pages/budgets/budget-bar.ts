import { svg, html, type TemplateResult } from "lit";

/** How full a budget is, in thousandths: what is used, and behind it what is held. Source: a drawing, so no style is needed. */
export const budgetBar = (
  { used, held }: { readonly used: number; readonly held: number },
  label: string,
): TemplateResult =>
  html`<svg
    class="budget-bar ${used + held >= 900 ? "full" : ""}"
    viewBox="0 0 1000 40"
    preserveAspectRatio="none"
    role="img"
    aria-label=${label}
  >
    ${svg`<rect class="whole" width="1000" height="40" />
      <rect class="used" width=${used} height="40" />
      <rect class="held" x=${used} width=${held} height="40" />`}
  </svg>`;

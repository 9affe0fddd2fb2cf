import { html, nothing, type TemplateResult } from "lit";
import type { Page } from "../../app/page.ts";
import { linkButton } from "../../ui/button.ts";
import { prose } from "../../ui/prose.ts";
import { docsLink, wordsOf } from "./code-words.ts";
import "./code-note.css";

const LABELS = {
  policy: "Open the policy",
  budgets: "Open the budgets",
  denylist: "Open the denylist",
  allowlist: "Open the allowlist",
  sponsors: "Open the sponsors",
  explain: "Explain",
  networks: "Open the networks",
} as const;

/** A code in words: what happened, what mends it, and where; `detail` is what the API said of this very case. */
export function codeNote(page: Page, code: string, detail?: string, network?: string): TemplateResult {
  const words = wordsOf(code);
  return html`<div class="note warn code-note">
    <p><b>${words?.what ?? detail ?? "It was refused."}</b></p>
    ${words && detail && detail !== words.what ? html`<p>${prose(detail)}</p>` : nothing}
    ${words ? html`<p>${words.fix}</p>` : nothing}
    <p class="actions">
      ${words?.page ? linkButton({ label: LABELS[words.page], href: page.projectLink(words.page, { network }) }) : nothing}
      <span
        ><code>${code}</code> ·
        <a href=${docsLink(code)} target="_blank" rel="noopener"
          >documentation<span class="visually-hidden"> of ${code}, in a new tab</span></a
        ></span
      >
    </p>
  </div>`;
}

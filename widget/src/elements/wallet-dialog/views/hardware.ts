import { html, type TemplateResult } from "lit";
import type { View, ViewContext } from "../view.ts";

/** Said before the wallet shows a transaction to somebody who was promised a signature. */
export function hardwareView({ t, act }: ViewContext, { sign }: Extract<View, { name: "hardware" }>): TemplateResult {
  return html`<p>${t("hardware.lead")}</p>
    <p class="notice">${t("hardware.free")}</p>
    <div class="actions">
      <button class="primary" @click=${sign}>${t("hardware.action")}</button>
      <button @click=${() => act.goBack()}>${t("cancel")}</button>
    </div>`;
}

/** Quiet: most people have none, and who has one looks for the word. */
export const hardwareLink = ({ t }: ViewContext, onClick: () => void): TemplateResult =>
  html`<button class="quiet" @click=${onClick}>${t("hardware.use")}</button>`;

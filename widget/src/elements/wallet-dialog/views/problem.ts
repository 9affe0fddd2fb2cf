import { html, nothing, type TemplateResult } from "lit";
import { kindOf } from "../failure.ts";
import type { View, ViewContext } from "../view.ts";
import { formatTime } from "./account.ts";
import { hardwareLink } from "./hardware.ts";

/** What happened, in one sentence. */
function sentenceOf({ t, state, api, locale }: ViewContext, view: Extract<View, { name: "problem" }>): string {
  const { error, secondsLeft } = view;
  const { resetsAt } = error.context;
  const { key } = kindOf(error);
  const hasReturn = typeof resetsAt === "string" || !key.startsWith("error.budget");
  return t(hasReturn ? key : "error.budgetEnd", {
    wallet: state.walletName ?? "",
    detail: error.message,
    origin: location.origin,
    api,
    seconds: secondsLeft,
    time: typeof resetsAt === "string" ? formatTime(resetsAt, locale) : "",
  });
}

export function problemView(context: ViewContext, view: Extract<View, { name: "problem" }>): TemplateResult {
  const { t, act } = context;
  const { error, retry, useHardware, secondsLeft } = view;
  const { remedy } = kindOf(error);
  const actions = {
    retry: html`<button class="primary" ?disabled=${secondsLeft > 0} @click=${retry}>${t("retry")}</button>`,
    "sign-in": html`<button class="primary" @click=${() => act.showWallets()}>${t("button.again")}</button>`,
    choose: html`<button class="primary" @click=${() => act.showWallets()}>${t("wallets.title")}</button>`,
    close: nothing,
  };
  return html`<p class="danger">${sentenceOf(context, view)}</p>
    <div class="actions">
      ${actions[remedy]}
      <button class=${remedy === "close" ? "primary" : ""} @click=${() => act.close()}>${t("close")}</button>
      ${useHardware ? hardwareLink(context, useHardware) : nothing}
    </div>
    <details>
      <summary>${t("details")}</summary>
      <dl>
        <div class="pair">
          <dt>Code</dt>
          <dd><code>${error.code}</code></dd>
        </div>
        ${
          error.requestId
            ? html`<div class="pair">
                <dt>Request</dt>
                <dd><code>${error.requestId}</code></dd>
              </div>`
            : nothing
        }
      </dl>
      <p class="muted">${error.message}</p>
    </details>`;
}

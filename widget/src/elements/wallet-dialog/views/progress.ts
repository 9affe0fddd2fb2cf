import { html, nothing, type TemplateResult } from "lit";
import { idOf } from "../../../api/types.ts";
import { shorten } from "../../../state.ts";
import { appName, coins, type View, type ViewContext } from "../view.ts";
import { hardwareLink } from "./hardware.ts";

/** Drawn: not every system has a font with it. */
const check = html`<svg class="done" viewBox="0 0 24 24" width="40" height="40" aria-hidden="true">
  <path d="M4 12.5l5.5 5.5L20 6.5" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round"></path>
</svg>`;
const spinner = html`<div class="spinner" aria-hidden="true"></div>`;

/** Where the request is to be found, as the wallet says it; most say it only to who waits for long. */
const whereToLook = ({ t, state, stage }: ViewContext): TemplateResult | typeof nothing =>
  state.driver?.family?.views.hint(stage) ??
  (stage.isHinted ? html`<p class="muted small">${t("opening.hint")}</p>` : nothing);

export function openingView(
  context: ViewContext,
  { wallet, restart }: Extract<View, { name: "opening" }>,
): TemplateResult {
  const { t, act, state } = context;
  // What is loaded first has no request to approve yet.
  const isLoading = restart && !state.driver;
  return html`<div class="center">
      ${spinner} ${isLoading ? nothing : html`<p>${t("opening.lead", { wallet })}</p>`} ${whereToLook(context)}
    </div>
    <div class="actions"><button @click=${() => act.showWallets()}>${t("cancel")}</button></div>`;
}

export function explainView(
  context: ViewContext,
  { prove, useHardware }: Extract<View, { name: "explain" }>,
): TemplateResult {
  const { t, state, act } = context;
  const address = shorten(state.address ?? "");
  return html`<p>${t("explain.lead", { wallet: state.driver?.name ?? "", address })}</p>
    <p class="muted">${t("explain.free")}</p>
    <div class="actions">
      <button class="primary" @click=${prove}>${t("explain.action")}</button>
      <button @click=${() => act.showWallets()}>${t("account.switch")}</button>
      ${useHardware ? hardwareLink(context, useHardware) : nothing}
    </div>`;
}

export const verifyingView = (): TemplateResult => html`<div class="center">${spinner}</div>`;

export function successView({ state, t, act }: ViewContext): TemplateResult {
  return html`<div class="center">
      ${check}
      <p>${shorten(state.address ?? "")}</p>
    </div>
    <div class="actions"><button class="primary" @click=${() => act.close()}>${t("sponsor.done")}</button></div>`;
}

export function changedView({ state, t, act }: ViewContext): TemplateResult {
  const address = shorten(state.address ?? "");
  const other = shorten(state.otherAddress ?? "");
  return html`<p>${t("changed.lead", { wallet: state.driver?.name ?? "", address, other })}</p>
    <div class="actions">
      <button class="primary" @click=${() => act.switchAccount()}>${t("changed.action", { other })}</button>
      <button @click=${() => act.keepAccount()}>${t("changed.keep", { address })}</button>
    </div>`;
}

export function sponsorView(context: ViewContext, view: Extract<View, { name: "sponsor" }>): TemplateResult {
  const { t, state, act, config } = context;
  const { at, isAdjusted } = view;
  const wallet = state.walletName ?? "";
  const app = appName(context);
  const adjusted = isAdjusted ? html`<p class="muted small">${t("sponsor.adjusted", { wallet })}</p>` : nothing;
  const fee = html`<dl>
    <div class="pair">
      <dt>${t("sponsor.fee")}</dt>
      <dd>${t("sponsor.paidBy", { app })}</dd>
    </div>
  </dl>`;
  if (at.step === "following" && (at.relay.state === "confirmed" || at.relay.state === "finalized")) {
    const base = config?.networks.find(({ network }) => network === at.relay.network)?.explorer;
    const id = idOf(at.relay);
    const link = base && id ? explorerLink(base, id) : undefined;
    return html`<div class="center">${check} ${adjusted}</div>
      ${fee}
      <div class="actions">
        ${
          link
            ? html`<a class="button" href=${link} target="_blank" rel="noopener noreferrer"
                >${t("sponsor.explorer")}</a
              >`
            : nothing
        }
        <button class="primary" @click=${() => act.close()}>${t("sponsor.done")}</button>
      </div>`;
  }
  const isApproving = at.step === "approving";
  return html`<div class="center">
      ${spinner} ${at.step === "approving" && at.isAgain ? html`<p>${t("sponsor.again")}</p>` : nothing} ${adjusted}
      ${isApproving ? whereToLook(context) : nothing}
    </div>
    ${fee} ${isApproving ? html`<p class="notice">${t("sponsor.zero", { app, coin: coins(context) })}</p>` : nothing}
    <div class="actions">
      <button @click=${() => act.close()}>
        ${t(at.step === "following" || at.step === "sending" ? "sponsor.hide" : "cancel")}
      </button>
    </div>`;
}

/** An explorer is an address with `{id}` in it, or one that takes `/tx/<id>` behind it. */
function explorerLink(base: string, id: string): string | undefined {
  const link = base.includes("{id}") ? base.replace("{id}", id) : `${base.replace(/\/+$/, "")}/tx/${id}`;
  return /^https?:\/\//.test(link) ? link : undefined;
}

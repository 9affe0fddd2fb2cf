import { html, nothing, type TemplateResult } from "lit";
import type { WalletOption } from "../../../wallets/types.ts";
import { appName, coins, isPaying, type ViewContext } from "../view.ts";
import { walletIcon } from "../wallet-icon.ts";

function row(context: ViewContext, option: WalletOption): TemplateResult {
  const { t, state, act } = context;
  const { name, isInstalled, url, family } = option;
  if (!isInstalled) {
    return html`<a class="button row" href=${url ?? ""} target="_blank" rel="noopener noreferrer"
      >${walletIcon(option)}<span class="name">${name}</span><span class="note">${t("wallets.get")}</span></a
    >`;
  }
  return html`<button class="row" @click=${() => act.choose(option)}>
    ${walletIcon(option)}<span class="name">${name}</span>
    <span class="note"
      >${t(name === state.walletName ? "wallets.recent" : family ? "wallets.phone" : "wallets.installed")}</span
    >
  </button>`;
}

export function walletsView(context: ViewContext): TemplateResult {
  const { t, state, families, clockOffMinutes } = context;
  // Last used first, then what is here, then what could be had.
  const rank = ({ name, isInstalled }: WalletOption) => (name === state.walletName ? 0 : isInstalled ? 1 : 2);
  const options = state.wallets
    .filter(({ family = "solana" }) => families.has(family))
    .toSorted((left, right) => rank(left) - rank(right));
  return html`
    <p class="muted">
      ${t(isPaying(context) ? "wallets.lead" : "explain.free", { app: appName(context), coin: coins(context) })}
    </p>
    ${clockOffMinutes > 0 ? html`<p class="notice">${t("clock", { minutes: clockOffMinutes })}</p>` : nothing}
    ${
      options.length > 0
        ? html`<ul>
            ${options.map((option) => html`<li>${row(context, option)}</li>`)}
          </ul>`
        : html`<div class="center">
            <p><strong>${t("wallets.empty")}</strong></p>
            <p class="muted">${t("wallets.emptyHint")}</p>
            <a class="button primary" href="https://solana.com/wallets" target="_blank" rel="noopener noreferrer"
              >${t("wallets.emptyAction")}</a
            >
          </div>`
    }
  `;
}

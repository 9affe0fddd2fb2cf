import { html, nothing, svg, type TemplateResult } from "lit";
import { type AllowanceLimit, idOf, type Relay } from "../../../api/types.ts";
import { shorten } from "../../../state.ts";
import { avatar } from "../../avatar.ts";
import { appName, isPaying, type View, type ViewContext } from "../view.ts";

/** The sheet keeps room for as many: see `.late` in the styles. */
const SHOWN_RELAYS = 3;

/** What is left of a limit; holds of relays under way are taken. */
function leftOf({ limit, used, held }: AllowanceLimit): bigint {
  const left = BigInt(limit) - BigInt(used) - BigInt(held);
  return left > 0n ? left : 0n;
}

/** The count that runs out first is the one that a person feels. */
function tightestCount(limits: readonly AllowanceLimit[]): AllowanceLimit | undefined {
  const counts = limits.filter(({ unit }) => unit === "relays");
  return counts.toSorted((one, two) => Number(leftOf(one) - leftOf(two)))[0];
}

function meter(context: ViewContext): TemplateResult {
  const { t, account, locale } = context;
  const { allowance } = account;
  if (allowance === undefined) return html`<p class="muted">${t("account.loading")}</p>`;
  if (allowance === null) return html`<p class="muted">${t("account.unread")}</p>`;
  const count = tightestCount(allowance.limits);
  if (!count) return html`<p>${t("account.unlimited", { app: appName(context) })}</p>`;
  const left = leftOf(count);
  const text = t(`account.left.${count.window}`, {
    left: left.toLocaleString(locale),
    limit: BigInt(count.limit).toLocaleString(locale),
  });
  const share = Number((left * 1000n) / (BigInt(count.limit) || 1n)) / 10;
  return html`<p>${text}</p>
    <svg class="meter" viewBox="0 0 100 1" preserveAspectRatio="none" role="img" aria-label=${text}>
      ${svg`<rect width=${share} height="1"></rect>`}
    </svg>
    ${count.resetsAt ? html`<p class="muted small">${t("account.returns", { time: formatTime(count.resetsAt, locale) })}</p>` : nothing}`;
}

/** A moment as this person writes it; the day only when it is another one. */
export function formatTime(moment: string, locale: string): string {
  const date = new Date(moment);
  const isToday = date.toDateString() === new Date().toDateString();
  const dateStyle = isToday ? undefined : "medium";
  return new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: "short" }).format(date);
}

function relayRow({ t, locale }: ViewContext, relay: Relay): TemplateResult {
  const id = idOf(relay);
  return html`<li class="pair small">
    <span>${formatTime(relay.createdAt, locale)} <code>${id ? shorten(id) : nothing}</code></span>
    <span>${t(`state.${relay.state}`)}</span>
  </li>`;
}

function recent(context: ViewContext): TemplateResult {
  const { t, account } = context;
  const { relays } = account;
  if (relays === undefined) return html`<p class="muted">${t("account.loading")}</p>`;
  if (relays === null) return html`<p class="muted">${t("account.unread")}</p>`;
  if (relays.length === 0) return html`<p class="muted">${t("account.none", { app: appName(context) })}</p>`;
  return html`<ul>
    ${relays.slice(0, SHOWN_RELAYS).map((relay) => relayRow(context, relay))}
  </ul>`;
}

export function accountView(context: ViewContext, { isCopied }: Extract<View, { name: "account" }>): TemplateResult {
  const { t, state, act } = context;
  const address = state.address ?? "";
  return html`<div class="who">
      ${avatar(address)}
      <div>
        <code>${address}</code>
        <p class="muted small">${state.walletName} · ${state.session?.network}</p>
      </div>
    </div>
    ${state.driver?.family?.views.note(context.stage)}
    <button @click=${() => act.copyAddress()}>${t(isCopied ? "account.copied" : "account.copy")}</button>
    ${
      isPaying(context)
        ? html`<section class="late">
              <h3>${t("account.allowance")}</h3>
              ${meter(context)}
            </section>
            <section class="late">
              <h3>${t("account.recent")}</h3>
              ${recent(context)}
            </section>`
        : nothing
    }
    <div class="actions">
      <button @click=${() => act.showWallets()}>${t("account.switch")}</button>
      <button @click=${() => act.signOut()}>${t("account.signOut")}</button>
    </div>`;
}

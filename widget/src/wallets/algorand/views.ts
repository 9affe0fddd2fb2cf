import type { html as Html, svg as Svg, TemplateResult } from "lit";
import type { OwnView, Stage } from "../types.ts";
import { DOWNLOAD_URL, isPhone, peraLink } from "./device.ts";
import { qrPath } from "./qr-path.ts";
import { say } from "./strings.ts";

/** The page's own way to draw: a second copy of the library would weigh more than this whole driver. */
export interface Kit {
  readonly html: typeof Html;
  readonly svg: typeof Svg;
}

export interface PairingState {
  /** Undefined until there is an address to pair with. */
  readonly uri: string | undefined;
  readonly isBridgeOpen: boolean;
  readonly isCopied: boolean;
  copy(): void;
}

const spinner = ({ html }: Kit): TemplateResult => html`<div class="spinner" aria-hidden="true"></div>`;

function code({ html, svg }: Kit, uri: string, label: string): TemplateResult {
  const { path, side } = qrPath(uri);
  return html`<svg viewBox="0 0 ${side} ${side}" width="240" height="240" role="img" aria-label=${label}>
    ${svg`<rect width=${side} height=${side} rx="2" fill="#fff"></rect><path d=${path} fill="#000" shape-rendering="crispEdges"></path>`}
  </svg>`;
}

const link = ({ html }: Kit, href: string, text: string, isPrimary: boolean): TemplateResult =>
  html`<a class=${isPrimary ? "button primary" : "button"} href=${href}>${text}</a>`;

/** A code to scan, and on a phone first the way into the app that is on it. */
export function pairingView(kit: Kit, { uri, isBridgeOpen, isCopied, copy }: PairingState): OwnView {
  const { html } = kit;
  return ({ locale, cancel }) => {
    const t = (key: Parameters<typeof say>[1]) => say(locale, key);
    const back = html`<button @click=${cancel}>${say(locale, "cancel")}</button>`;
    if (uri === undefined) {
      const content = html`<div class="center">${spinner(kit)}</div>
        <div class="actions">${back}</div>`;
      return { title: t("reaching.title"), content };
    }
    const isHere = isPhone();
    const content = html`<div class="center">
        <p>${t(isHere ? "pairing.here" : "pairing.scan")}</p>
        ${
          isHere
            ? html`${link(kit, peraLink(uri), t("pairing.open"), true)}
                <p>${t("pairing.elsewhere")}</p>`
            : undefined
        }
        ${code(kit, uri, t("pairing.code"))}
        <p class="muted small" role="status">${t(isBridgeOpen ? "pairing.expires" : "interrupted")}</p>
        <p class="small">
          <a href=${DOWNLOAD_URL} target="_blank" rel="noopener noreferrer">${t("pairing.get")}</a>
        </p>
      </div>
      <div class="actions">
        <button @click=${copy}>${t(isCopied ? "pairing.copied" : "pairing.copy")}</button>
        ${back}
      </div>`;
    return { title: t("pairing.title"), content };
  };
}

export function choiceView(kit: Kit, addresses: readonly string[], choose: (address: string) => void): OwnView {
  const { html } = kit;
  return ({ locale, cancel }) => ({
    title: say(locale, "choice.title"),
    content: html`<p>${say(locale, "choice.lead")}</p>
      <ul>
        ${addresses.map(
          (address) =>
            html`<li>
              <button class="row" @click=${() => choose(address)}><code class="name">${address}</code></button>
            </li>`,
        )}
      </ul>
      <div class="actions"><button @click=${cancel}>${say(locale, "cancel")}</button></div>`,
  });
}

/** Where the request is to be found. */
export function hint(
  kit: Kit,
  { locale, isHinted, restart }: Stage,
  { isBridgeOpen, forget }: { readonly isBridgeOpen: boolean; forget(): void },
): TemplateResult {
  const { html } = kit;
  const startOver = () => {
    forget();
    restart?.();
  };
  const late = isBridgeOpen ? "hint.late" : "interrupted";
  return html`<p class="muted small">${say(locale, "hint.phone")}</p>
    ${isHinted || !isBridgeOpen ? html`<p class="muted small" role="status">${say(locale, late)}</p>` : undefined}
    ${isPhone() ? link(kit, peraLink(), say(locale, "pairing.open"), true) : undefined}
    ${restart ? html`<button class="quiet" @click=${startOver}>${say(locale, "hint.other")}</button>` : undefined}`;
}

/** That the phone has gone; nothing while it is there. */
export const goneNote = ({ html }: Kit, { locale }: Stage): TemplateResult =>
  html`<p class="notice" role="status">${say(locale, "note.gone")}</p>`;

import { html, type TemplateResult } from "lit";
import { copyButton, shorten } from "../../ui/copy.ts";

/** A wallet: its family, the ends of its address, the whole on hover, and a way to copy it. */
export function walletCode(wallet: string, keep = 4): TemplateResult {
  const at = wallet.indexOf(":") + 1;
  return html`<span class="short-code"
    ><code title=${wallet}>${wallet.slice(0, at)}${shorten(wallet.slice(at), keep)}</code>${copyButton(
      wallet,
      "the wallet",
    )}</span
  >`;
}

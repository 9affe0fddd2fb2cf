import { html, type TemplateResult } from "lit";
import { copyButton, shortWallet } from "../../ui/copy.ts";

/** A wallet: its family, the ends of its address, the whole on hover, and a way to copy it. */
export const walletCode = (wallet: string, keep = 4): TemplateResult =>
  html`<span class="short-code"
    ><code title=${wallet}>${shortWallet(wallet, keep)}</code>${copyButton(wallet, "the wallet")}</span
  >`;

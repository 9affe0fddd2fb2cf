import { html, type TemplateResult } from "lit";
import { button } from "./button.ts";
import { toast } from "./toast.ts";

async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(`Copied ${what}.`);
  } catch {
    toast("This browser did not let it be copied. Select it and copy it by hand.", "bad");
  }
}

/** Puts a text into the clipboard. `what` is the rest of "Copy …". */
export const copyButton = (text: string, what: string): TemplateResult =>
  button({ label: `Copy ${what}`, icon: "copy", isIconOnly: true, kind: "plain", onClick: () => copy(text, what) });

/** The ends of something long, as of an address: enough to tell two apart. */
export const shorten = (text: string, keep = 5): string =>
  text.length <= keep * 2 + 1 ? text : `${text.slice(0, keep)}…${text.slice(-keep)}`;

/** A wallet by its family and the ends of its address; what is no wallet by its ends. */
export function shortWallet(wallet: string, keep = 4): string {
  const at = wallet.indexOf(":") + 1;
  return wallet.slice(0, at) + shorten(wallet.slice(at), keep);
}

/** An address, an id or a hash: its ends, the whole on hover, and a way to copy it. */
export const shortCode = (text: string, what: string, keep = 5): TemplateResult =>
  html`<span class="short-code"><code title=${text}>${shorten(text, keep)}</code>${copyButton(text, what)}</span>`;

/** Lines to be copied as they are. */
export const codeBlock = (code: string, what: string): TemplateResult =>
  html`<figure class="code">
    <figcaption><span>${what}</span>${copyButton(code, what)}</figcaption>
    <pre tabindex="0" aria-label=${what}><code>${code}</code></pre>
  </figure>`;

import { html, type TemplateResult } from "lit";
import type { ManagedRelayDetail } from "../../../../bff/src/contract/manage/traffic.ts";
import { icon } from "../../ui/icons.ts";

/** An address that a link may lead to: an explorer comes from the project's settings, and could be anything. */
export function safeUrl(text: string | null): string | undefined {
  const url = text === null ? null : URL.parse(text);
  return url && (url.protocol === "https:" || url.protocol === "http:") ? url.href : undefined;
}

/** Where the chain's explorer shows it. */
export function explorerLink({ explorerUrl }: Pick<ManagedRelayDetail, "explorerUrl">): TemplateResult {
  const url = safeUrl(explorerUrl);
  return url === undefined
    ? html`<span class="soft">The network has no explorer here</span>`
    : html`<a href=${url} target="_blank" rel="noreferrer noopener"
        >Open the explorer ${icon("external")}<span class="visually-hidden"> in a new tab</span></a
      >`;
}

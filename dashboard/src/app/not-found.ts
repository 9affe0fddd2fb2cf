import { html, type TemplateResult } from "lit";
import { linkButton } from "../ui/button.ts";
import { pageHead } from "../ui/layout.ts";

/** For an address that means nothing. */
export const notFoundPage = (home: string): TemplateResult =>
  html`<div>
    ${pageHead({
      title: "There is nothing at this address",
      lead: "The link may be older than this dashboard, or cut off at its end. What you are looking for is in the navigation.",
    })}
    ${linkButton({ label: "Go to your projects", kind: "primary", href: home })}
  </div>`;

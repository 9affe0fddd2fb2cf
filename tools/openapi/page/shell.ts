import { createHash } from "node:crypto";
import { html, type Html } from "../html.ts";
import { type DocsPage, navigation, type NavigationItem } from "./navigation.ts";
import { STYLE } from "./style.ts";

// Outside of the template, because the policy's hash covers every space in it.
const STYLE_ELEMENT: Html = { html: `<style>${STYLE}</style>` };

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** What every page of the documentation may do: look as it does. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** One page of the documentation, without scripts or requests. */
interface PageParts {
  readonly page: DocsPage;
  readonly title: string;
  readonly about: string;
  readonly contents: readonly NavigationItem[];
  readonly header: Html;
  readonly main: readonly Html[];
  /** What it was made from. */
  readonly origin: string;
}

export function renderPage({ page, title, about, contents, header, main, origin }: PageParts): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content="${about}" />
        <title>Gasless: ${title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body id="top">
        <a class="skip" href="#content">Skip to the content</a>
        ${navigation(page, contents)}
        <div class="page">
          ${header}
          <main id="content" tabindex="-1">${main}</main>
          <footer>
            <p>${origin}</p>
          </footer>
        </div>
      </body>
    </html> `.html;
}

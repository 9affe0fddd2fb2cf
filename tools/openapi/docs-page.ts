import { createHash } from "node:crypto";
import { buildDocument } from "./document.ts";
import { html, type Html } from "./html.ts";
import { describeCalls } from "./page/calls.ts";
import { describeErrors } from "./page/errors.ts";
import { describeGuide } from "./page/guide.ts";
import { describeApi } from "./page/hero.ts";
import { navigation } from "./page/navigation.ts";
import { describeObjects } from "./page/objects.ts";
import { describeRunbooks } from "./page/runbooks.ts";
import { STYLE } from "./page/style.ts";
import { createSchemaBook } from "./schemas.ts";

const ABOUT =
  "Gasless lets people use a dapp with a wallet that owns none of the network's currency: the user signs, and the project's sponsor pays the fee. A project says exactly what it sponsors and how much of it; everything else is refused, with a code that says why.";

// Outside of the template, because the policy's hash covers every space in it.
const STYLE_ELEMENT: Html = { html: `<style>${STYLE}</style>` };

/** The documentation as one page without scripts or requests, and the policy that allows its style and nothing else. */
export function renderDocs(): { readonly page: string; readonly csp: string } {
  const book = createSchemaBook();
  buildDocument(book);
  const { html: page } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content="${ABOUT}" />
        <title>Gasless: HTTP API</title>
        ${STYLE_ELEMENT}
      </head>
      <body id="top">
        <a class="skip" href="#content">Skip to the content</a>
        ${navigation()}
        <div class="page">
          ${describeApi(ABOUT)}
          <main id="content" tabindex="-1">
            ${describeGuide()}${describeCalls(book)}${describeObjects(book.components)}${describeErrors()}${describeRunbooks()}
          </main>
          <footer>
            <p>Made from the schemas and the error table that the API itself uses.</p>
          </footer>
        </div>
      </body>
    </html> `;
  const hash = createHash("sha256").update(STYLE).digest("base64");
  const csp = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return { page, csp };
}

import { createHash } from "node:crypto";
import { ROUTES } from "../../bff/src/contract/routes.ts";
import { buildDocument } from "./document.ts";
import { html, type Html } from "./html.ts";
import { describeCalls, groupId, methodBadge } from "./page/calls.ts";
import { describeErrors, errorDomains } from "./page/errors.ts";
import { describeGuide, GUIDE_PARTS } from "./page/guide.ts";
import { describeObjects } from "./page/objects.ts";
import { STYLE } from "./page/style.ts";
import { createSchemaBook } from "./schemas.ts";

const ABOUT =
  "Gasless lets people use a dapp with a wallet that owns none of the network's currency: the user signs, and the project's sponsor pays the fee. A project says exactly what it sponsors and how much of it; everything else is refused, with a code that says why.";

const MARK = html`<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
  <path
    d="M12 2c1 4 6 6.500 6 12a6 6 0 0 1-12 0c0-2.500 1-4 2.200-5.200.3 1.700 1 2.700 2 3.200C10 8.500 10.500 5 12 2z"
  />
</svg>`;

function navigation(): Html {
  const list = (items: readonly Html[]): Html =>
    html`<ul>
      ${items.map((item) => html`<li>${item}</li>`)}
    </ul>`;
  const top = (id: string, title: string, items: readonly Html[] = []): Html =>
    html`<a href="#${id}">${title}</a>${items.length > 0 ? list(items) : undefined}`;
  const anchors = (pairs: readonly (readonly [string, string])[]): Html[] =>
    pairs.map(([id, title]) => html`<a href="#${id}">${title}</a>`);
  const groups = [...Map.groupBy(ROUTES, ({ group }) => group)].map(([group, routes]) =>
    top(
      groupId(group),
      group,
      routes.map(
        ({ operationId, method, summary }) =>
          html`<a href="#${operationId}"><span>${summary}</span> ${methodBadge(method)}</a>`,
      ),
    ),
  );
  return html`<nav aria-label="Contents">
    <a class="brand" href="#top">${MARK}<span>Gasless</span></a
    >${list([
      top("guide", "Making a call", anchors(GUIDE_PARTS)),
      ...groups,
      top("objects", "Objects and values"),
      top("errors", "Error codes", anchors(errorDomains())),
    ])}
  </nav>`;
}

// Outside of the template, because the policy's hash covers every space in it.
const STYLE_ELEMENT: Html = { html: `<style>${STYLE}</style>` };

const hero = html`<header class="hero">
  <p class="eyebrow">HTTP API, version 1</p>
  <h1>Gasless</h1>
  <p class="about">${ABOUT}</p>
  <dl class="facts">
    <div>
      <dt>Address</dt>
      <dd><code>{api}</code></dd>
    </div>
    <div>
      <dt>For machines</dt>
      <dd><a href="{api}/openapi.json">OpenAPI 3.1</a></dd>
    </div>
    <div>
      <dt>Token keys</dt>
      <dd><a href="{api}/.well-known/jwks.json">JSON Web Key Set</a></dd>
    </div>
  </dl>
</header>`;

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
          ${hero}
          <main id="content" tabindex="-1">
            ${describeGuide()}${describeCalls(book)}${describeObjects(book.components)}${describeErrors()}
          </main>
          <footer>
            <p>
              Made from the schemas that the API itself parses with, so it cannot say anything else than the API does.
            </p>
          </footer>
        </div>
      </body>
    </html> `;
  const hash = createHash("sha256").update(STYLE).digest("base64");
  const csp = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return { page, csp };
}

import { ROUTES } from "../../../bff/src/contract/routes.ts";
import { html, type Html } from "../html.ts";
import { groupId, methodBadge } from "./calls.ts";
import { errorDomains } from "./errors.ts";
import { GUIDE_PARTS } from "./guide.ts";

const MARK = html`<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
  <path
    d="M12 2c1 4 6 6.500 6 12a6 6 0 0 1-12 0c0-2.500 1-4 2.200-5.200.3 1.700 1 2.700 2 3.200C10 8.500 10.500 5 12 2z"
  />
</svg>`;

/** Everything on the page; on a phone its first level, as a row. */
export function navigation(): Html {
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
      top("alerts", "Alerts"),
    ])}
  </nav>`;
}

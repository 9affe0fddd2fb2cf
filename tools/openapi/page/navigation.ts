import { html, type Html } from "../html.ts";

const MARK = html`<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
  <path
    d="M12 2c1 4 6 6.500 6 12a6 6 0 0 1-12 0c0-2.500 1-4 2.200-5.200.3 1.700 1 2.700 2 3.200C10 8.500 10.500 5 12 2z"
  />
</svg>`;

const PAGES = {
  guide: ["/docs/guide", "Guide"],
  api: ["/docs", "HTTP API"],
  management: ["/docs/management", "Management API"],
} as const;
export type DocsPage = keyof typeof PAGES;

export interface NavigationItem {
  readonly id: string;
  readonly title: Html | string;
  readonly items?: readonly NavigationItem[];
}

function list(items: readonly NavigationItem[]): Html {
  return html`<ul>
    ${items.map(
      ({ id, title, items: inner = [] }) =>
        html`<li><a href="#${id}">${title}</a>${inner.length > 0 ? list(inner) : undefined}</li>`,
    )}
  </ul>`;
}

/** The other pages, and everything on this one; on a phone its first level, as a row. */
export function navigation(page: DocsPage, items: readonly NavigationItem[]): Html {
  const pages = Object.entries(PAGES).map(([name, [address, title]]) => {
    const here = name === page ? html` aria-current="page"` : undefined;
    return html`<li><a href="{api}${address}" ${here}>${title}</a></li>`;
  });
  return html`<nav aria-label="Contents">
    <a class="brand" href="#top">${MARK}<span>Gasless</span></a>
    <ul class="pages">
      ${pages}
    </ul>
    ${list(items)}
  </nav>`;
}

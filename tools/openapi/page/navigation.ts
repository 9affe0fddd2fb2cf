import { html, type Html } from "../html.ts";

const MARK = html`<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
  <path d="M12 2 4 13h6l-1.5 9L20 10h-7l2-8Z" />
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

import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";

// Drawn for a grid of 20, with lines of 1.6.
const SHAPES = {
  alert: svg`<path d="M10 3 2.5 16.5h15L10 3Zm0 5v4m0 2.2v.1" />`,
  arrow: svg`<path d="M4 10h12m-5-5 5 5-5 5" />`,
  audit: svg`<path d="M5 2.8h7l3.5 3.5v11H5v-14.5Zm2.6 6.7h5m-5 3.5h5" />`,
  backtest: svg`<path d="M3.2 10a6.8 6.8 0 1 0 2-4.8L3.2 7.2m0-4v4h4M10 6.5V10l2.5 1.8" />`,
  budget: svg`<path d="M3 10a7 7 0 1 1 14 0M10 10l3-3.5M5 15h10" />`,
  check: svg`<path d="m4 10.5 4 4 8-9" />`,
  chevron: svg`<path d="m6 8 4 4 4-4" />`,
  close: svg`<path d="m5 5 10 10M15 5 5 15" />`,
  contrast: svg`<path d="M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4Zm0 0v14.4M13.5 4v12" />`,
  copy: svg`<path d="M7.5 7.5h9v9h-9zM12.5 7.5v-4h-9v9h4" />`,
  decisions: svg`<path d="M10 3v14M4 6h12M4 6l-2 5.5h4.5L4 6Zm12 0-2.5 5.5H18L16 6ZM7 17h6" />`,
  download: svg`<path d="M10 3v9m-4-3.5 4 4 4-4M3.5 16.5h13" />`,
  edit: svg`<path d="m4 16 .7-3.5L13 4.2l2.8 2.8-8.3 8.3L4 16Z" />`,
  explain: svg`<path d="M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4Zm3.7 8.7L17 17" />`,
  external: svg`<path d="M11.5 3.5h5v5m0-5-7 7M8 5H3.5v11.5H15V12" />`,
  info: svg`<path d="M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4ZM10 9v4.5M10 6.3v.1" />`,
  jobs: svg`<path d="M3.5 5h8m-8 5h13m-13 5h5M14.5 3v4m-3 6v4" />`,
  key: svg`<path d="M7 9.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Zm2.5 1L16.5 3.5m-3 3 2.5 2.5" />`,
  list: svg`<path d="M7 5h10M7 10h10M7 15h10M3.3 5h.1m-.1 5h.1m-.1 5h.1" />`,
  menu: svg`<path d="M3 5.5h14M3 10h14M3 14.5h14" />`,
  moon: svg`<path d="M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5Z" />`,
  network: svg`<path d="M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4ZM2.8 10h14.4M10 2.8c2.7 2.4 2.7 12 0 14.4-2.7-2.4-2.7-12 0-14.4Z" />`,
  origin: svg`<path d="M2.8 4.5h14.4v11H2.8zM2.8 8h14.4M5.3 6.3h.1" />`,
  overview: svg`<path d="M3 17h14M5 14v-4m5 4V4m5 10V8" />`,
  people: svg`<path d="M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-5 7c0-2.8 2-4.5 5-4.5s5 1.7 5 4.5M12.5 4a2.7 2.7 0 0 1 0 5.2m2 3.3c2 .6 3 2 3 4" />`,
  plus: svg`<path d="M10 4v12M4 10h12" />`,
  policy: svg`<path d="M10 2.5 4 5v4.5c0 3.7 2.5 6.5 6 8 3.5-1.5 6-4.3 6-8V5l-6-2.5Zm-2.5 7.3 2 2 3.2-3.8" />`,
  projects: svg`<path d="M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z" />`,
  relays: svg`<path d="M3 7h12m-3-3.5L15.5 7 12 10.5M17 13H5m3-3.5L4.5 13 8 16.5" />`,
  settings: svg`<path d="M3 6h7m4 0h3M3 14h3m4 0h7M12 4v4M8 12v4" />`,
  sponsor: svg`<path d="M3 6.5h14v10H3zM3 6.5l10.5-3v3M13 11.5h.1" />`,
  stop: svg`<path d="M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4ZM5 15 15 5" />`,
  sun: svg`<path d="M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM10 2v1.5m0 13V18M2 10h1.5m13 0H18M4.3 4.3l1.1 1.1m9.2 9.2 1.1 1.1m0-11.4-1.1 1.1m-9.2 9.2-1.1 1.1" />`,
  swap: svg`<path d="m6 7 4-4 4 4M6 13l4 4 4-4" />`,
  trash: svg`<path d="M3.5 5.5h13m-8-2.5h3M5 5.5l.8 11.5h8.4L15 5.5M8.5 9v4.5m3-4.5v4.5" />`,
  upload: svg`<path d="M10 12V3.5m-4 3.5 4-4 4 4M3.5 16.5h13" />`,
  user: svg`<path d="M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 7c0-3.2 2.6-5 6.5-5s6.5 1.8 6.5 5" />`,
} as const satisfies Readonly<Record<string, SVGTemplateResult>>;

export type IconName = keyof typeof SHAPES;

/** A small drawing beside words; screen readers are told the words alone. */
export const icon = (name: IconName): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${SHAPES[name]}</svg>`;

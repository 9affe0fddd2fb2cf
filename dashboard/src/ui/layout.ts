import { html, nothing, type TemplateResult } from "lit";

type Content = TemplateResult | string | typeof nothing | readonly TemplateResult[];

interface HeadOptions {
  readonly title: string | TemplateResult;
  readonly lead?: string | TemplateResult;
  /** Buttons at its end. */
  readonly actions?: Content;
  /** Back to where this one was listed. */
  readonly back?: { readonly href: string; readonly label: string };
}

/** The head of a page with its only `h1`, to which focus goes when the page comes. */
export const pageHead = ({ title, lead, actions = nothing, back }: HeadOptions): TemplateResult =>
  html`<header class="page-head">
    <div>
      ${back ? html`<a class="back" href=${back.href}>${back.label}</a>` : nothing}
      <h1 tabindex="-1">${title}</h1>
      ${lead ? html`<p class="lead">${lead}</p>` : nothing}
    </div>
    <div class="actions">${actions}</div>
  </header>`;

interface PanelOptions {
  readonly title?: string;
  readonly lead?: string | TemplateResult;
  readonly actions?: Content;
  readonly body: Content;
}

/** A part of a page on a surface of its own. */
export const panel = ({ title, lead, actions = nothing, body }: PanelOptions): TemplateResult =>
  html`<section class="panel">
    ${
      title
        ? html`<header>
            <div>
              <h2>${title}</h2>
              ${lead ? html`<p>${lead}</p>` : nothing}
            </div>
            <div class="actions">${actions}</div>
          </header>`
        : nothing
    }
    ${body}
  </section>`;

/** Names and values, as of one relay. */
export const facts = (entries: readonly (readonly [name: string, value: Content])[]): TemplateResult =>
  html`<dl class="facts">
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;

interface FilterOptions {
  /** Fields, each labelled. */
  readonly fields: Content;
  readonly isFiltered: boolean;
  readonly onReset: () => void;
}

/** Above a list: what it is narrowed down by. */
export const filterBar = ({ fields, isFiltered, onReset }: FilterOptions): TemplateResult =>
  html`<div class="filters" role="search" aria-label="Filters">
    ${fields}
    ${isFiltered ? html`<button type="button" class="button plain" @click=${onReset}>Clear filters</button>` : nothing}
  </div>`;

/** How far something is. */
export const progressBar = (label: string, done: number, total: number): TemplateResult =>
  html`<div class="progress">
    <span>${label}</span>
    <progress max=${total > 0 ? total : 1} .value=${Math.min(done, total)} aria-label=${label}></progress>
  </div>`;

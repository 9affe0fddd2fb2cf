import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { icon } from "./icons.ts";

export interface Column<Row> {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => TemplateResult | string | number | typeof nothing;
  /** Numbers stand at the end. */
  readonly isNumber?: boolean;
  /** Ascending; with it, the header sorts. */
  readonly compare?: (one: Row, other: Row) => number;
  /** Its header is for screen readers alone, as of buttons. */
  readonly isHeaderHidden?: boolean;
}

interface Sort {
  readonly key: string;
  readonly direction: "ascending" | "descending";
}

interface TableOptions<Row> {
  /** What it lists; not shown, but read out. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly key: (row: Row) => string;
  /** Where a row leads: its first cell becomes the link, and the whole row can be clicked. */
  readonly href?: (row: Row) => string;
  readonly sort?: Sort | undefined;
  readonly onSort?: (sort: Sort) => void;
  readonly empty?: TemplateResult;
}

function sorted<Row>({ rows, columns, sort }: TableOptions<Row>): readonly Row[] {
  const compare = columns.find(({ key }) => key === sort?.key)?.compare;
  if (!compare) return rows;
  const ascending = rows.toSorted(compare);
  return sort?.direction === "descending" ? ascending.toReversed() : ascending;
}

function headerCell<Row>(column: Column<Row>, { sort, onSort }: TableOptions<Row>): TemplateResult {
  const direction = sort?.key === column.key ? sort.direction : undefined;
  const next = direction === "ascending" ? "descending" : "ascending";
  return html`<th
    scope="col"
    role="columnheader"
    class=${column.isNumber ? "number" : ""}
    aria-sort=${direction ?? nothing}
  >
    ${
      column.compare && onSort
        ? html`<button type="button" class="sort" @click=${() => onSort({ key: column.key, direction: next })}>
            ${column.header}${icon("swap")}
          </button>`
        : html`<span class=${column.isHeaderHidden ? "visually-hidden" : ""}>${column.header}</span>`
    }
  </th>`;
}

/** Rows of the same kind: a table on a desk, cards on a phone. */
export function dataTable<Row>(options: TableOptions<Row>): TemplateResult {
  const { caption, columns, key, href, empty } = options;
  const rows = sorted(options);
  if (rows.length === 0 && empty) return empty;
  // Cards are laid out as blocks, and blocks lose a table's meaning unless it is said again.
  return html`<table class="data" role="table">
    <caption class="visually-hidden">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map((column) => headerCell(column, options))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${repeat(
        rows,
        key,
        (row) =>
          html`<tr role="row" class=${href ? "leads" : ""}>
            ${columns.map(({ cell, header, isNumber, isHeaderHidden }, index) => {
              const content = cell(row);
              return html`<td
                role="cell"
                class="${isNumber ? "number" : ""} ${isHeaderHidden ? "tools" : ""}"
                data-label=${isHeaderHidden ? nothing : header}
              >
                ${href && index === 0 ? html`<a class="row-link" href=${href(row)}>${content}</a>` : content}
              </td>`;
            })}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

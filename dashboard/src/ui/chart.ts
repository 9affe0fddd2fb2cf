import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { dataTable } from "./table.ts";
import "./chart.css";

interface ChartSeries {
  readonly label: string;
  /** Of the look, so that it holds in both themes. */
  readonly tone: "accent" | "good" | "warn" | "bad" | "soft";
  /** One for each point in time; they are stacked in this order, from below. */
  readonly values: readonly number[];
}

/** Where in time the values are, and how they are told. */
export interface ChartData {
  /** What it shows, for whoever cannot see it. */
  readonly label: string;
  readonly times: readonly Date[];
  readonly isHourly: boolean;
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
}

/** Columns over time, with the same numbers as a table below. */
export class ChartElement extends LitElement {
  static override properties = { data: { attribute: false }, canDraw: { state: true } };
  declare data: ChartData;
  declare private canDraw: boolean;
  #drawing: { redraw(): void; destroy(): void } | undefined;
  /** Counts what is to be drawn: code that comes late draws nothing over what is newer. */
  #turn = 0;
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  readonly #size = new ResizeObserver(() => void this.#draw());
  readonly #theme = new MutationObserver(() => void this.#draw());

  constructor() {
    super();
    this.canDraw = true;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#dark.addEventListener("change", this.#onTheme);
    this.#theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#dark.removeEventListener("change", this.#onTheme);
    this.#theme.disconnect();
    this.#size.disconnect();
    this.#turn += 1;
    this.#drawing?.destroy();
    this.#drawing = undefined;
  }

  readonly #onTheme = (): void => void this.#draw();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const plot = this.querySelector<HTMLElement>(".plot");
    if (!plot || !changed.has("data")) return;
    // It calls back at once, and that is the first drawing.
    this.#size.disconnect();
    this.#size.observe(plot);
  }

  async #draw(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    // Where a browser cannot draw, as with a language that it does not know itself, there is the table.
    const columns = await import("./chart-columns.ts").catch(() => undefined);
    const plot = this.querySelector<HTMLElement>(".plot");
    if (turn !== this.#turn || !plot || !this.isConnected) return;
    if (!columns) {
      this.canDraw = false;
      return;
    }
    this.#drawing?.destroy();
    const colours = [...this.querySelectorAll<HTMLElement>(".swatch")].map((swatch) => getComputedStyle(swatch).color);
    this.#drawing = columns.drawColumns(plot, this.data, colours);
  }

  protected override render(): TemplateResult {
    const { label, times, series, format, isHourly } = this.data;
    const rows = times.map((time, index) => ({ time, index }));
    return html`<figure class="chart">
      <ul class="legend">
        ${series.map(
          ({ label: name, tone, values }) =>
            html`<li>
              <span class="swatch ${tone}" aria-hidden="true"></span>${name}
              <b>${format(values.reduce((sum, value) => sum + value, 0))}</b>
            </li>`,
        )}
      </ul>
      ${
        this.canDraw
          ? html`<div class="plot" role="img" aria-label="${label}. The numbers are in the table below."></div>`
          : nothing
      }
      <details ?open=${!this.canDraw}>
        <summary>Show the numbers</summary>
        ${dataTable({
          caption: label,
          rows,
          key: ({ index }) => String(index),
          columns: [
            { key: "time", header: isHourly ? "Hour" : "Day", cell: ({ time }) => tellTime(time, isHourly) },
            ...series.map(({ label: name, values }) => ({
              key: name,
              header: name,
              isNumber: true,
              cell: ({ index }: { readonly index: number }) => format(values[index] ?? 0),
            })),
          ],
        })}
      </details>
    </figure>`;
  }
}

// Hours and days are counted in UTC, wherever the reader is.
const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });
const hour = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });

/** A point in time as the axis and the table tell it. */
export const tellTime = (time: Date, isHourly: boolean): string => (isHourly ? hour : day).format(time);

customElements.define("ui-chart", ChartElement);

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { AppElement } from "../../app/element.ts";
import { unitOf } from "../../format/amounts.ts";
import { button } from "../../ui/button.ts";
import { selectField, textField } from "../../ui/field.ts";
import { panel } from "../../ui/layout.ts";
import { problemNote } from "../../ui/states.ts";
import {
  type BudgetDifference,
  type BudgetLimit,
  type BudgetRow,
  differencesOf,
  limitHint,
  nextRow,
  readRows,
  SUBJECTS,
  toRows,
  UNITS,
  WINDOWS,
} from "./budget-rows.ts";
import { budgetName, limitText } from "./budget-words.ts";

export class BudgetsSavedEvent extends Event {
  readonly limits: readonly BudgetLimit[];
  /** Called when it is known what came of it. */
  readonly finish: () => void;

  constructor(limits: readonly BudgetLimit[], finish: () => void) {
    super("budgets-saved");
    this.limits = limits;
    this.finish = finish;
  }
}

const optionsOf = <Value extends string>(table: readonly (readonly [Value, string, ...unknown[]])[]) =>
  table.map(([value, label]) => ({ value, label }));

/**
 * All budgets of a network, edited together: they are set at once or not at all.
 * @fires budgets-saved - with what is to hold
 * @fires budgets-closed - nothing is changed
 */
export class BudgetEditorElement extends AppElement {
  static override properties = {
    network: { attribute: false },
    budgets: { attribute: false },
    theirs: { attribute: false },
    problem: { attribute: false },
    rows: { state: true },
    hasTried: { state: true },
    isBusy: { state: true },
  };
  declare network: string;
  /** As they were when editing began, then as they hold now. */
  declare budgets: readonly BudgetLimit[];
  declare theirs: readonly BudgetLimit[] | undefined;
  declare problem: unknown;
  declare private rows: readonly BudgetRow[];
  declare private hasTried: boolean;
  declare private isBusy: boolean;
  #before: readonly BudgetLimit[] = [];

  constructor() {
    super();
    this.network = "";
    this.budgets = [];
    this.rows = [];
    this.hasTried = false;
    this.isBusy = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("budgets") || this.hasUpdated) return;
    this.#before = this.budgets;
    this.rows = toRows(this.network, this.budgets);
  }

  #change(id: string, change: Partial<BudgetRow>): void {
    this.rows = this.rows.map((row) => (row.id === id ? { ...row, ...change } : row));
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    this.hasTried = true;
    const { limits, faults } = readRows(this.network, this.rows);
    if (Object.keys(faults).length > 0) {
      await this.updateComplete;
      this.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      return;
    }
    this.isBusy = true;
    this.dispatchEvent(new BudgetsSavedEvent(limits, () => (this.isBusy = false)));
  }

  protected override render(): TemplateResult {
    const { limits, faults } = readRows(this.network, this.rows);
    const added = nextRow(this.rows);
    return panel({
      title: `Budgets of ${this.network}`,
      lead: "They are set together. What has been used stays; a budget that is taken away is none.",
      body: html`<form class="form" novalidate @submit=${(event: SubmitEvent) => this.#submit(event)}>
        ${this.theirs ? this.#conflict(this.theirs) : this.problem === undefined ? nothing : problemNote(this.problem)}
        <ul class="budget-rows">
          ${repeat(
            this.rows,
            ({ id }) => id,
            (row, index) => html`<li>${this.#row(row, index, this.hasTried ? faults[row.id] : undefined)}</li>`,
          )}
        </ul>
        <div class="actions">
          ${button({
            label: "Add a budget",
            icon: "plus",
            blocked: added ? undefined : "There is one of every kind.",
            onClick: () => added && (this.rows = [...this.rows, added]),
          })}
        </div>
        ${Object.keys(faults).length === 0 ? this.#summary(differencesOf(this.budgets, limits)) : nothing}
        <div class="actions">
          ${button({
            label: this.theirs ? "Set mine" : "Set the budgets",
            kind: "primary",
            type: "submit",
            isBusy: this.isBusy,
            blocked: this.blocked("setBudgets"),
          })}
          ${button({
            label: "Cancel",
            kind: "plain",
            onClick: () => this.dispatchEvent(new Event("budgets-closed")),
          })}
        </div>
      </form>`,
    });
  }

  #row(row: BudgetRow, index: number, fault: string | undefined): TemplateResult {
    const { id, subject, window, unit, limit } = row;
    const name = `budget-${index}`;
    return html`<div class="budget-row" role="group" aria-label=${`Budget ${index + 1}: ${budgetName(row)}`}>
      ${selectField({
        name: `${name}-subject`,
        label: "Of",
        value: subject,
        options: optionsOf(SUBJECTS),
        onChange: (value) => this.#change(id, { subject: value }),
      })}
      ${selectField({
        name: `${name}-window`,
        label: "In",
        value: window,
        options: optionsOf(WINDOWS),
        onChange: (value) => this.#change(id, { window: value }),
      })}
      ${selectField({
        name: `${name}-unit`,
        label: "Counts",
        value: unit,
        options: optionsOf(UNITS),
        onChange: (value) => this.#change(id, { unit: value }),
      })}
      ${textField({
        name: `${name}-limit`,
        label: "Limit",
        type: "number",
        value: limit,
        suffix: unit === "relays" ? "relays" : unitOf(this.network).symbol,
        error: fault,
        hint: limitHint(this.network, row),
        onInput: (value) => this.#change(id, { limit: value }),
      })}
      ${button({
        label: "Remove",
        about: `budget ${index + 1}`,
        icon: "trash",
        isIconOnly: true,
        kind: "plain",
        onClick: () => (this.rows = this.rows.filter((each) => each.id !== id)),
      })}
    </div>`;
  }

  #difference({ budget, before, after }: BudgetDifference): TemplateResult {
    const text = (limit: string | undefined) =>
      limit === undefined ? "none" : limitText(this.network, { unit: budget.unit, limit });
    return html`<li>${budgetName(budget)}: ${text(before)} → <b>${text(after)}</b></li>`;
  }

  #summary(differences: readonly BudgetDifference[]): TemplateResult | typeof nothing {
    return differences.length === 0
      ? nothing
      : html`<div class="note">
          <p>This changes:</p>
          <ul>
            ${differences.map((each) => this.#difference(each))}
          </ul>
        </div>`;
  }

  #conflict(theirs: readonly BudgetLimit[]): TemplateResult {
    const differences = differencesOf(this.#before, theirs);
    return html`<div class="note warn" role="alert">
      <p>The budgets were set meanwhile, by somebody else or in another tab of yours. What changed:</p>
      <ul>
        ${differences.map((each) => this.#difference(each))}
      </ul>
      <p>What you typed is still below. Setting it takes the place of that.</p>
      <div class="actions">
        ${button({
          label: "Take what holds now",
          onClick: () => {
            this.#before = theirs;
            this.rows = toRows(this.network, theirs);
          },
        })}
      </div>
    </div>`;
  }
}

customElements.define("budget-editor", BudgetEditorElement);

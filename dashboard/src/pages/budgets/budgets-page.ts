import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import type { Budget } from "../../../../bff/src/contract/manage/projects.ts";
import { ApiProblem } from "../../api/problem.ts";
import { Page } from "../../app/page.ts";
import { button } from "../../ui/button.ts";
import { pageHead, panel } from "../../ui/layout.ts";
import { networkPicker, noNetwork } from "../../ui/network-picker.ts";
import { emptyState, loaded, skeleton } from "../../ui/states.ts";
import { toast, toastError } from "../../ui/toast.ts";
import type { BudgetLimit } from "./budget-rows.ts";
import { budgetTable } from "./budget-table.ts";
import type { BudgetsSavedEvent } from "./budget-editor.ts";
import "./budget-editor.ts";
import "./budgets.css";

export class BudgetsPageElement extends Page {
  static override properties = { isEditing: { state: true }, problem: { state: true }, theirs: { state: true } };
  declare private isEditing: boolean;
  declare private problem: unknown;
  /** What somebody else made of the budgets while they were edited here. */
  declare private theirs: readonly BudgetLimit[] | undefined;
  /** What is shown and typed is about this one. */
  #network: string | undefined;

  readonly #budgets = new Task(this, {
    args: () => [this.project.id, this.network] as const,
    task: async ([projectId, network], { signal }) =>
      network === undefined
        ? undefined
        : { network, ...(await this.app.api.call("listBudgets", { params: { projectId, network }, signal })) },
  });

  constructor() {
    super();
    this.isEditing = false;
  }

  protected override willUpdate(): void {
    // A limit of one network, in another's units, would be another amount.
    if (this.#network !== this.network) this.#close();
    this.#network = this.network;
  }

  protected override render(): TemplateResult {
    const { network } = this;
    const lead =
      "How much may be spent, by whom and in which time. Whatever is not budgeted is bounded by the policy alone.";
    if (network === undefined) return html`${pageHead({ title: "Budgets", lead })} ${noNetwork(this)}`;
    return html`
      ${pageHead({
        title: "Budgets",
        lead,
        actions: this.isEditing
          ? nothing
          : button({
              label: "Edit the budgets",
              kind: "primary",
              icon: "edit",
              blocked: this.blocked("setBudgets"),
              onClick: () => (this.isEditing = true),
            }),
      })}
      ${this.isEditing ? nothing : html`<div class="filters">${networkPicker(this)}</div>`}
      ${loaded(this.#budgets, (budgets) =>
        budgets?.network === network ? this.#content(network, budgets.data) : skeleton(),
      )}
    `;
  }

  #content(network: string, budgets: readonly Budget[]): TemplateResult {
    if (!this.isEditing) return panel({ body: this.#table(network, budgets) });
    return html`<budget-editor
      .network=${network}
      .budgets=${budgets}
      .theirs=${this.theirs}
      .problem=${this.problem}
      @budgets-saved=${(event: BudgetsSavedEvent) => this.#save(network, event)}
      @budgets-closed=${() => this.#close()}
    ></budget-editor>`;
  }

  #close(): void {
    this.isEditing = false;
    this.problem = undefined;
    this.theirs = undefined;
  }

  #table(network: string, budgets: readonly Budget[]): TemplateResult {
    return budgets.length > 0
      ? budgetTable(network, budgets)
      : emptyState({
          icon: "budget",
          title: `There is no budget on ${network}`,
          body: "Only the policy bounds what is spent. Before going live, set at least one of the whole project and one of each user.",
          action: button({
            label: "Set budgets",
            kind: "primary",
            blocked: this.blocked("setBudgets"),
            onClick: () => (this.isEditing = true),
          }),
        });
  }

  async #save(network: string, { limits, finish }: BudgetsSavedEvent): Promise<void> {
    const params = { projectId: this.project.id, network };
    this.problem = undefined;
    try {
      const { version = "" } = this.#budgets.value ?? {};
      await this.app.api.call("setBudgets", { params, body: { version, data: [...limits] } });
      toast(
        limits.length === 0
          ? "There is no budget any more: the policy alone bounds what is spent."
          : "The budgets hold from the next relay on.",
      );
      // Somebody may look at another network by now.
      if (network !== this.#network) return;
      this.#close();
    } catch (thrown) {
      if (network !== this.#network) return toastError(thrown);
      this.problem = thrown;
      if (!(thrown instanceof ApiProblem) || thrown.code !== "manage.conflict") return finish();
    }
    const before = this.#budgets.value?.data;
    await this.#budgets.run();
    // What was typed stays; the next try is made against what holds now.
    if (this.isEditing && before !== undefined) this.theirs = this.#budgets.value?.data;
    finish();
  }
}

customElements.define("budgets-page", BudgetsPageElement);

import { Task, TaskStatus } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { button, linkButton } from "../../ui/button.ts";
import { selectField, textField } from "../../ui/field.ts";
import { pageHead, panel } from "../../ui/layout.ts";
import { networkPicker, noNetwork } from "../../ui/network-picker.ts";
import { loaded, problemNote } from "../../ui/states.ts";
import type { DraftHead } from "../policy/policy-types.ts";
import { explanationView } from "./explanation-view.ts";
import { readTransactions, readWallet } from "./read-transactions.ts";
import { recall, remember } from "./recall.ts";
import "../policy/policy.css";
import "./explain.css";

/** What an explanation that is to be repeated was about: what was pasted, and not a decision. */
const PASTED = "pasted";

/** Why a transaction is sponsored or refused: one that is pasted, or a past decision (`?decision=`). */
export class ExplainPageElement extends Page {
  static override properties = {
    pasted: { state: true },
    wallet: { state: true },
    fault: { state: true },
  };
  declare private pasted: string;
  declare private wallet: string;
  declare private fault: string | undefined;

  readonly #explanation = new Task(this, {
    autoRun: false,
    args: () => [this.project.id, this.decisionId, this.draftId, this.network ?? ""] as const,
    task: ([projectId, decisionId, draftId, network], { signal }) => {
      const read = readTransactions(network, this.pasted);
      const asked =
        decisionId === undefined
          ? {
              network,
              ...("fault" in read ? {} : read),
              ...(this.wallet.trim() && { wallet: readWallet(network, this.wallet) }),
            }
          : { decisionId };
      const body = { ...asked, ...(draftId !== undefined && { draftId }) };
      return this.app.api.call("explain", { params: { projectId }, body, signal });
    },
  });

  readonly #drafts = new Task(this, {
    args: () => [this.project.id, this.#explanation.value?.network ?? this.network] as const,
    task: async ([projectId, network], { signal }): Promise<readonly DraftHead[]> => {
      if (network === undefined) return [];
      const query = { limit: "50" };
      return (await this.app.api.call("listDrafts", { params: { projectId, network }, query, signal })).data;
    },
  });

  constructor() {
    super();
    this.pasted = "";
    this.wallet = "";
  }

  get decisionId(): string | undefined {
    return this.params["decision"] ?? this.query.get("decision") ?? undefined;
  }

  get draftId(): string | undefined {
    return this.query.get("draft") ?? undefined;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("query")) return;
    const before = changed.get("query") as URLSearchParams | undefined;
    const last = this.query.get("again") === PASTED && this.pasted === "" ? recall() : undefined;
    if (last) {
      this.pasted = last.pasted;
      this.wallet = last.wallet;
    }
    // A draft is of one network.
    if (before && before.get("network") !== this.query.get("network") && this.draftId !== undefined) {
      this.setQuery({ draft: undefined });
      return;
    }
    const isAnother = ["decision", "draft", "again"].some((name) => before?.get(name) !== this.query.get(name));
    if (isAnother && (this.decisionId !== undefined || this.pasted !== "")) void this.#explanation.run();
  }

  protected override render(): TemplateResult {
    const { network, decisionId } = this;
    return html`${pageHead({
        title: "Explain",
        lead: "What would be decided about a transaction, rule by rule, on the same path as the decision. Nothing is signed, sent or spent.",
        actions: decisionId === undefined ? networkPicker(this) : nothing,
      })}
      ${network === undefined ? noNetwork(this) : decisionId === undefined ? this.#form() : this.#decision(decisionId)}
      <p class="visually-hidden" role="status">${this.#told}</p>
      ${this.#result()}`;
  }

  /** For those who do not see that the answer has come. */
  get #told(): string {
    const { status, value } = this.#explanation;
    if (status === TaskStatus.PENDING) return "Explaining";
    if (status !== TaskStatus.COMPLETE || !value) return "";
    return value.verdict === "sponsor" ? "The answer: it would be sponsored." : "The answer: it would be refused.";
  }

  #form(): TemplateResult {
    const isGroup = this.network?.startsWith("algorand:") ?? false;
    return panel({
      body: html`<form class="form wide" novalidate @submit=${this.#submit}>
        ${textField({
          name: "transaction",
          label: isGroup ? "Transactions of the group, one a line, in base64" : "Transaction in base64",
          value: this.pasted,
          rows: 5,
          isMono: true,
          error: this.fault,
          hint: "As the dapp sends it. It need not be signed.",
          onInput: (pasted) => {
            this.pasted = pasted;
            this.fault = undefined;
          },
        })}
        <div class="limits">
          ${textField({
            name: "wallet",
            label: "Wallet of the session",
            value: this.wallet,
            isMono: true,
            isRequired: false,
            hint: "Its user's budgets count. Empty: a new user.",
            onInput: (wallet) => (this.wallet = wallet),
          })}
          ${this.#policyChoice()}
        </div>
        <div class="actions">
          ${button({
            label: this.#explanation.status === TaskStatus.COMPLETE ? "Explain again" : "Explain",
            kind: "primary",
            type: "submit",
            icon: "explain",
            isBusy: this.#explanation.status === TaskStatus.PENDING,
          })}
        </div>
      </form>`,
    });
  }

  #decision(decisionId: string): TemplateResult {
    return panel({
      title: "A past decision",
      lead: html`<code>${decisionId}</code>`,
      actions: html`${linkButton({ label: "The decision", href: this.projectLink(`decisions/${decisionId}`) })}
      ${linkButton({ label: "Explain another transaction", kind: "plain", href: this.projectLink("explain") })}`,
      body: html`<div class="limits">${this.#policyChoice()}</div>
        <div class="actions">
          ${button({
            label: "Explain again",
            icon: "explain",
            isBusy: this.#explanation.status === TaskStatus.PENDING,
            onClick: () => this.#explanation.run(),
          })}
        </div>`,
    });
  }

  #policyChoice(): TemplateResult {
    return selectField({
      name: "explain-by",
      label: "By which policy",
      value: this.draftId ?? "",
      options: [
        { value: "", label: "What is in force" },
        ...(this.#drafts.value ?? []).map(({ id, name }) => ({ value: id, label: `Draft: ${name}` })),
      ],
      onChange: (draft) => this.setQuery({ draft }),
    });
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const network = this.network ?? "";
    const read = readTransactions(network, this.pasted);
    if ("fault" in read) {
      this.fault = read.fault;
      await this.updateComplete;
      this.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      return;
    }
    remember({ network, wallet: this.wallet, pasted: this.pasted });
    await this.#explanation.run();
  };

  #result(): TemplateResult | typeof nothing {
    const { status, value, error } = this.#explanation;
    if (status === TaskStatus.INITIAL) return nothing;
    if (status === TaskStatus.ERROR && this.decisionId === undefined) return problemNote(error);
    if (status === TaskStatus.PENDING && value === undefined) return loaded(this.#explanation, () => html``);
    const draftName = this.#drafts.value?.find(({ id }) => id === this.draftId)?.name;
    return loaded(this.#explanation, (explanation) =>
      explanationView({
        explanation,
        projectId: this.project.id,
        draftId: this.draftId,
        draftName,
        again: this.decisionId ?? PASTED,
      }),
    );
  }
}

customElements.define("explain-page", ExplainPageElement);

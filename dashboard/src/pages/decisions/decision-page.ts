import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import type { DecisionDetail } from "../../../../bff/src/contract/manage/traffic.ts";
import { Page } from "../../app/page.ts";
import { amount } from "../../format/amounts.ts";
import { curlOf } from "../../format/curl.ts";
import { dateTime } from "../../format/times.ts";
import { verdictBadge } from "../../ui/badge.ts";
import { linkButton } from "../../ui/button.ts";
import { codeBlock } from "../../ui/copy.ts";
import { facts, pageHead, panel } from "../../ui/layout.ts";
import { loaded } from "../../ui/states.ts";
import { codeNote } from "./code-note.ts";
import { contextFacts } from "./context-facts.ts";
import { copyCurlButton } from "./copy-curl.ts";
import { walletCode } from "./wallet-code.ts";
import "../lists/account-list.ts";

export class DecisionPageElement extends Page {
  readonly #decision = new Task(this, {
    args: () => [this.project.id, this.params["decision"] ?? ""] as const,
    task: ([projectId, decisionId], { signal }) =>
      this.app.api.call("readDecision", { params: { projectId, decisionId }, signal }),
  });

  /** Whose addresses are nobody's to deny; without them the list only says less. */
  readonly #sponsors = new Task(this, {
    args: () => [this.project.id] as const,
    task: ([projectId], { signal }) => this.app.api.call("listSponsors", { params: { projectId }, signal }),
  });

  protected override render(): TemplateResult {
    const params = { projectId: this.project.id, decisionId: this.params["decision"] ?? "" };
    return html`
      ${pageHead({
        title: "Decision",
        lead: html`<code>${params.decisionId}</code>`,
        back: { href: this.projectLink("decisions"), label: "Decisions" },
        actions: html`${copyCurlButton(curlOf(location.origin, "readDecision", { params }))}
        ${linkButton({
          label: "Explain",
          kind: "primary",
          icon: "explain",
          href: this.projectLink("explain", { decision: params.decisionId }),
        })}`,
      })}
      ${loaded(this.#decision, (decision) => html`<div class="stack">${this.#detail(decision)}</div>`)}
    `;
  }

  #detail(decision: DecisionDetail): TemplateResult {
    const { verdict, code, context, accounts, network, wallet, transaction } = decision;
    return html`
      ${panel({
        title: verdict === "sponsor" ? "It was sponsored" : "It was refused",
        actions: html`${verdictBadge(verdict)}`,
        body: html`${
          code === null ? html`<p>Policy, lists and budgets agreed.</p>` : codeNote(this, code, undefined, network)
        }
        ${contextFacts(context)}`,
      })}
      ${panel({ title: "Who and what", body: this.#facts(decision) })}
      ${panel({
        title: "Accounts",
        lead: "Every address that the transaction names.",
        body: html`<account-list
          .accounts=${accounts}
          .network=${network}
          .wallet=${wallet}
          .sponsors=${this.#sponsorsOf(network)}
        ></account-list>`,
      })}
      ${
        transaction === ""
          ? nothing
          : panel({
              title: "The transaction",
              lead: "The bytes as they came, in base64.",
              body: codeBlock(transaction, "Transaction"),
            })
      }
    `;
  }

  #sponsorsOf(network: string): readonly string[] {
    const own = this.#sponsors.value?.data.filter((each) => each.isMember && each.network === network) ?? [];
    return own.map(({ address }) => address);
  }

  #facts(decision: DecisionDetail): TemplateResult {
    const { network, wallet, userId, decidedAt, policyVersion, verdict, fee, rent, relayId } = decision;
    // Of what was refused nobody paid anything.
    const label = (what: string) => (verdict === "refuse" ? `${what} it would have cost` : what);
    const none = html`<span class="soft">none</span>`;
    return facts([
      ["Decided", dateTime(decidedAt)],
      ["Network", network],
      ["Wallet", walletCode(wallet, 8)],
      ["User", html`<a href=${this.projectLink(`users/${userId}`)}>See the user</a>`],
      [
        "Policy",
        policyVersion === null
          ? none
          : html`<a href=${this.projectLink(`policy/${policyVersion}`, { network })}>Version ${policyVersion}</a>`,
      ],
      ["Relay", relayId === null ? none : html`<a href=${this.projectLink(`relays/${relayId}`)}>See the relay</a>`],
      [label("Fee"), fee === null ? none : amount(network, fee)],
      [label("Rent"), rent === null ? none : amount(network, rent)],
    ]);
  }
}

customElements.define("decision-page", DecisionPageElement);

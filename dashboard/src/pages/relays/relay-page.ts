import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import type { ManagedRelayDetail } from "../../../../bff/src/contract/manage/traffic.ts";
import { Page } from "../../app/page.ts";
import { createPolling } from "../../app/polling.ts";
import { amount } from "../../format/amounts.ts";
import { curlOf } from "../../format/curl.ts";
import { stateBadge } from "../../ui/badge.ts";
import { linkButton } from "../../ui/button.ts";
import { codeBlock, shortCode } from "../../ui/copy.ts";
import { facts, pageHead, panel } from "../../ui/layout.ts";
import { loaded } from "../../ui/states.ts";
import { codeNote } from "../decisions/code-note.ts";
import { contextFacts } from "../decisions/context-facts.ts";
import { copyCurlButton } from "../decisions/copy-curl.ts";
import { isFinal } from "./timeline.ts";
import { relayTimeline } from "./timeline-view.ts";
import { explorerLink } from "./explorer-link.ts";
import { walletCode } from "../decisions/wallet-code.ts";
import "../lists/account-list.ts";
import "./relays.css";

const POLL_MS = 2_000;

export class RelayPageElement extends Page {
  readonly #relay = new Task(this, {
    args: () => [this.project.id, this.params["relay"] ?? ""] as const,
    task: ([projectId, relayId], { signal }) =>
      this.app.api.call("readRelay", { params: { projectId, relayId }, signal }),
  });

  constructor() {
    super();
    createPolling(this, {
      everyMs: POLL_MS,
      isWanted: () => this.#relay.value !== undefined && !isFinal(this.#relay.value.state),
      run: () => this.#relay.run(),
    });
  }

  protected override render(): TemplateResult {
    const params = { projectId: this.project.id, relayId: this.params["relay"] ?? "" };
    return html`
      ${pageHead({
        title: "Relay",
        lead: html`<code>${params.relayId}</code>`,
        back: { href: this.projectLink("relays"), label: "Relays" },
        actions: copyCurlButton(curlOf(location.origin, "readRelay", { params })),
      })}
      ${loaded(this.#relay, (relay) => html`<div class="stack">${this.#detail(relay)}</div>`)}
    `;
  }

  #detail(relay: ManagedRelayDetail): TemplateResult {
    const { network, failure, wallet, sponsor, accounts, decisionId } = relay;
    return html`
      ${panel({
        title: "What happened",
        actions: html`${stateBadge(relay.state)}`,
        body: html`${relayTimeline(relay)}
        ${failure ? html`${codeNote(this, failure.code, failure.detail)} ${contextFacts(failure.context)}` : nothing}`,
      })}
      ${panel({ title: "Cost", body: this.#cost(relay) })}
      ${panel({
        title: "Who and where",
        actions:
          decisionId === null
            ? nothing
            : html`${linkButton({ label: "See the decision", href: this.projectLink(`decisions/${decisionId}`) })}
              ${linkButton({
                label: "Explain",
                icon: "explain",
                href: this.projectLink("explain", { decision: decisionId }),
              })}`,
        body: this.#facts(relay),
      })}
      ${panel({
        title: "Accounts",
        lead: "Every address that the transaction names.",
        body: html`<account-list
          .accounts=${accounts}
          .network=${network}
          .wallet=${wallet}
          .sponsors=${[sponsor]}
        ></account-list>`,
      })}
      ${panel({
        title: "The transaction",
        lead: "The bytes that were reserved for, in base64.",
        body: codeBlock(relay.transaction, "Transaction"),
      })}
    `;
  }

  #cost({ network, state, fee, rent }: ManagedRelayDetail): TemplateResult {
    const charged = (value: string | null) =>
      value === null
        ? html`<span class="soft">${isFinal(state) ? "nothing" : "not yet"}</span>`
        : amount(network, value);
    return facts([
      ["Fee quoted", amount(network, fee.quoted)],
      ["Fee charged", charged(fee.charged)],
      ["Rent quoted", amount(network, rent.quoted)],
      ["Rent charged", charged(rent.charged)],
    ]);
  }

  #facts(relay: ManagedRelayDetail): TemplateResult {
    const { network, wallet, userId, sponsor, policyVersion, slot, transactionId, transactionIds, groupId } = relay;
    const ids = transactionIds ?? (transactionId === undefined ? [] : [transactionId]);
    return facts([
      ["Network", network],
      ["Wallet", walletCode(wallet, 8)],
      ["User", html`<a href=${this.projectLink(`users/${userId}`)}>See the user</a>`],
      ["Sponsor", shortCode(sponsor, "the sponsor's address", 8)],
      [
        "Policy",
        html`<a href=${this.projectLink(`policy/${policyVersion}`, { network })}>Version ${policyVersion}</a>`,
      ],
      ...(groupId === undefined ? [] : ([["Group", shortCode(groupId, "the group's id", 10)]] as const)),
      [
        ids.length > 1 ? "Transaction ids" : "Transaction id",
        ids.length === 0
          ? html`<span class="soft">It was never signed</span>`
          : html`<span class="ids">${ids.map((id) => shortCode(id, "the transaction id", 10))}</span>`,
      ],
      ["On the chain", explorerLink(relay)],
      ...(slot === undefined ? [] : ([["Slot or round", String(slot)]] as const)),
    ]);
  }
}

customElements.define("relay-page", RelayPageElement);

import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { loadCode } from "../../app/outlet.ts";
import { Page } from "../../app/page.ts";
import { pageHead } from "../../ui/layout.ts";
import { networkPicker, noNetwork } from "../../ui/network-picker.ts";
import { problemNote, skeleton } from "../../ui/states.ts";
import "./policy-home.ts";
import "./policy-version.ts";
import "./policy.css";

/**
 * What is sponsored: what is in force and was, the drafts, and the editor of one (`?draft=`). Another network or draft
 * is begun anew: nothing that was open or read of one is taken for the other's.
 */
export class PolicyPageElement extends Page {
  /** The editor is most of the page's code: who looks at what is in force does not wait for it. */
  readonly #editorCode = new Task(this, {
    args: () => [this.query.has("draft")] as const,
    task: ([isAsked]) => (isAsked ? loadCode(() => import("./editor/policy-editor.ts")) : undefined),
  });

  protected override render(): TemplateResult {
    const { network } = this;
    const draftId = this.query.get("draft");
    const version = this.params["version"];
    if (network === undefined) return html`${pageHead({ title: "Policy" })} ${noNetwork(this)}`;
    if (version !== undefined) return this.#version(network, version);
    if (draftId !== null) return this.#editor(network, draftId);
    return html`${pageHead({
      title: "Policy",
      lead: "What this project sponsors on a network. What it does not allow is refused.",
      actions: networkPicker(this),
    })}
    ${keyed(network, html`<policy-home .network=${network}></policy-home>`)}`;
  }

  #version(network: string, version: string): TemplateResult {
    return html`${pageHead({
      title: `Policy, version ${version}`,
      lead: `On ${network}. A version never changes.`,
      back: { href: this.projectLink("policy", { network }), label: "Policy" },
    })}
    ${keyed(
      network,
      html`<policy-version
        .network=${network}
        .version=${version}
        .against=${this.query.get("against") ?? undefined}
        .at=${this.query.get("at") ?? undefined}
      ></policy-version>`,
    )}`;
  }

  /** A decision is read again; what was pasted is remembered by the page itself. */
  #explainAgain(network: string, again: string): string {
    return this.projectLink("explain", again.startsWith("req_") ? { network, decision: again } : { network, again });
  }

  #editor(network: string, draftId: string): TemplateResult {
    const again = this.query.get("again");
    return html`${pageHead({
      title: "Edit a draft",
      lead: `On ${network}. It is saved by itself, and counts once it is published.`,
      back: { href: this.projectLink("policy", { network }), label: "Policy" },
    })}
    ${again === null ? nothing : html`<p class="note">After publishing, what it was made for is explained again.</p>`}
    ${this.#editorCode.render({
      initial: () => skeleton(),
      pending: () => skeleton(),
      complete: () =>
        keyed(
          `${network} ${draftId}`,
          html`<policy-editor
            .network=${network}
            .draftId=${draftId}
            .view=${this.query.get("view") ?? undefined}
            .at=${this.query.get("at") ?? undefined}
            .again=${again === null ? undefined : this.#explainAgain(network, again)}
          ></policy-editor>`,
        ),
      // A browser remembers that a file could not be loaded.
      error: (problem) => problemNote(problem, () => location.reload()),
    })}`;
  }
}

customElements.define("policy-page", PolicyPageElement);

import { html, LitElement, type TemplateResult } from "lit";
import type { EntryCodes } from "../../session/codes.ts";
import type { SignIn } from "../../session/sign-in.ts";
import { button } from "../../ui/button.ts";
import { pageHead } from "../../ui/layout.ts";

/** What is shown to whoever is not signed in. */
export class SignInPageElement extends LitElement {
  static override properties = { signIn: { attribute: false }, codes: { attribute: false } };
  declare signIn: SignIn;
  declare codes: EntryCodes;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  #purpose(): string {
    if (this.codes.claim !== undefined) return "Sign in to claim this installation. You will be its first owner.";
    if (this.codes.invitation !== undefined) return "Sign in to accept the invitation you were sent.";
    return "Decide which transactions your project pays for, see what it paid for, and why not.";
  }

  protected override render(): TemplateResult {
    return html`<div class="welcome">
      ${pageHead({ title: "Gasless dashboard", lead: this.#purpose() })}
      ${button({ label: "Sign in with a wallet", kind: "primary", onClick: () => this.signIn.open() })}
      <p>
        It takes a Solana wallet that is an extension of this browser, such as Phantom, Solflare or Backpack, or Pera
        Wallet on a phone where the deployment serves Algorand. A new one needs no funds.
      </p>
      <p class="soft">
        You sign in with a wallet, as your users do. Signing is free and sends no transaction. Nothing is kept on this
        device but the session, until you sign out. What Gasless is, and how a page uses it, is in the
        <a href="/docs/guide">guide</a>.
      </p>
    </div>`;
  }
}

customElements.define("sign-in-page", SignInPageElement);

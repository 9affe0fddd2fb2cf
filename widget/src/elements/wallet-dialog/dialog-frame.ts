import { html, LitElement, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { GaslessError } from "../../errors.ts";
import { en, type Strings } from "../../strings/en.ts";
import { fill, isRightToLeft, type Translate } from "../../strings/translate.ts";
import type { OwnView } from "../../wallets/types.ts";
import { controls } from "../controls.styles.ts";
import type { View, ViewContext } from "./view.ts";
import { contentOf, titleOf } from "./views/view-of.ts";
import { styles } from "./wallet-dialog.styles.ts";

const HINT_AFTER_MS = 8_000;

/** The dialog without its flows: one view at a time, what is under way behind it, and where the focus is. */
export abstract class DialogFrame extends LitElement {
  static override properties: PropertyDeclarations = {
    strings: { attribute: false },
    locale: { attribute: false },
    view: { state: true },
    ownView: { state: true },
  };
  static override styles = [controls, styles];

  declare strings: Strings | undefined;
  declare locale: string;
  declare protected view: View;
  /** Of the wallet that is being connected, in the place of ours. */
  declare protected ownView: OwnView | undefined;

  /** What is under way; aborted when the dialog goes away from it. */
  #flow = new AbortController();
  #timers = new Set<ReturnType<typeof setTimeout>>();
  /** Until somebody has been told that it was closed. */
  #isShown = false;
  /** What the heading says of a wallet's own view, now and when it was last given the focus. */
  #ownTitle: string | undefined;
  #focusedTitle: string | undefined;

  constructor() {
    super();
    this.locale = "en";
    this.view = { name: "wallets" };
  }

  protected abstract context(): ViewContext;
  protected abstract onClose(): void;

  close(): void {
    this.#dialog?.close();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = (changed as Map<string, unknown>).get("view") as View | undefined;
    if ((before && before.name !== this.view.name) || this.#ownTitle !== this.#focusedTitle) this.#heading?.focus();
    this.#focusedTitle = this.#ownTitle;
  }

  protected override render(): TemplateResult {
    const context = this.context();
    const own = this.#isConnecting ? this.ownView?.(context.stage) : undefined;
    this.#ownTitle = own?.title;
    const title = own?.title ?? titleOf(context, this.view);
    return html`<dialog
      part="dialog"
      aria-labelledby="title"
      lang=${this.language}
      dir=${isRightToLeft(this.language) ? "rtl" : "ltr"}
      @close=${this.#settleClose}
      @click=${this.#onBackdrop}
    >
      <div class="body">
        <div class="heading">
          <h2 id="title" tabindex="-1">${title}</h2>
          <button class="plain" aria-label=${this.t("close")} @click=${() => this.close()}>×</button>
        </div>
        ${own?.content ?? contentOf(context, this.view)}
      </div>
      <div class="visually-hidden" role="status">${title}</div>
    </dialog>`;
  }

  /** Of what is shown: English as long as the texts of another language are not there. */
  protected get language(): string {
    return this.strings ? this.locale : "en";
  }

  protected readonly t: Translate = (key, values) => fill((this.strings ?? en)[key], values);

  protected go(view: View): void {
    this.#clearTimers();
    this.view = view;
  }

  /** Shows a wallet's own view. When that is over, one begins to wait for the next thing that the wallet says. */
  protected showOwn(view: OwnView | undefined): void {
    if (!view && this.ownView && "isHinted" in this.view) {
      this.go({ ...this.view, isHinted: false });
      this.hintAfterAWhile();
    }
    this.ownView = view;
    this.requestUpdate();
  }

  protected isShowing(name: View["name"]): boolean {
    return this.view.name === name && this.isOpen;
  }

  protected get isOpen(): boolean {
    return this.#dialog?.open === true;
  }

  protected async show(): Promise<void> {
    await this.updateComplete;
    if (!this.#dialog || this.isOpen || !this.isConnected) return;
    this.#dialog.showModal();
    this.#isShown = true;
    this.#heading?.focus();
  }

  /** Ends what was under way, and begins something new. */
  protected begin(): AbortSignal {
    this.#settleClose();
    this.leave();
    this.#flow = new AbortController();
    return this.#flow.signal;
  }

  protected leave(): void {
    this.#clearTimers();
    this.#flow.abort(new GaslessError("widget.closed", "It was cancelled."));
  }

  protected later(delayMs: number, work: () => void): void {
    this.#timers.add(setTimeout(work, delayMs));
  }

  protected hintAfterAWhile(): void {
    this.later(HINT_AFTER_MS, () => {
      if (this.view.name === "opening" || this.view.name === "sponsor") this.view = { ...this.view, isHinted: true };
    });
  }

  get #isConnecting(): boolean {
    return this.view.name === "opening" || (this.view.name === "sponsor" && this.view.at.step === "preparing");
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  get #heading(): HTMLElement | null {
    return this.renderRoot.querySelector("h2");
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** The browser tells a little later that it was closed: what has begun since is not what was given up. */
  readonly #settleClose = (): void => {
    if (!this.#isShown || this.isOpen) return;
    this.#isShown = false;
    this.onClose();
  };

  readonly #onBackdrop = (event: MouseEvent): void => {
    if (event.target === this.#dialog) this.close();
  };
}

import type { Adapter } from "@solana/wallet-adapter-base";
import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { isFinal, type Relay, type Session } from "../../api/types.ts";
import { type Core, createCore } from "../../core.ts";
import { GaslessError, toGaslessError } from "../../errors.ts";
import {
  GaslessErrorEvent,
  RelayChangedEvent,
  RelaySettledEvent,
  SignedInEvent,
  SignedOutEvent,
  StatusChangedEvent,
} from "../../events.ts";
import { loadChunk } from "../../load-chunk.ts";
import type { SponsorInput } from "../../relay/input.ts";
import type { GaslessWalletElement as PublicElement, PageAdapter, Status } from "../../public.ts";
import { INITIAL_STATE, shorten, type State } from "../../state.ts";
import { BUTTON_EN } from "../../strings/button.ts";
import type { StringKey, Strings } from "../../strings/en.ts";
import { chooseLocale, fill, isRightToLeft, loadStrings } from "../../strings/translate.ts";
import { avatar } from "../avatar.ts";
import { controls } from "../controls.styles.ts";
import { tokens } from "../tokens.styles.ts";
import type { WalletDialogElement } from "../wallet-dialog/wallet-dialog.ts";
import { styles } from "./gasless-wallet.styles.ts";

/** What a press is called as the first input of a page. */
const PRESSES = new Set(["click", "pointerdown", "mousedown", "keydown"]);
type ButtonKey = keyof typeof BUTTON_EN;

/** Who frames a page can lay something over its buttons. */
function isFramedByAnotherSite(): boolean {
  try {
    return window.top !== window && window.top?.location.origin !== location.origin;
  } catch {
    return true;
  }
}

/**
 * A button with which people connect a wallet, prove it, and then use the page without owning gas.
 *
 * @example
 * ```html
 * <gasless-wallet project="pk_test_…" api="https://gasless.example"></gasless-wallet>
 * ```
 * @tagname gasless-wallet
 * @slot - A plain button that stands in until the script is there. A click on it is not lost.
 * @csspart button - The button.
 * @csspart dialog - The dialog.
 * @cssprop --gasless-accent - The colour of what is to be clicked; the text on it follows.
 * @cssprop --gasless-radius - Corner radius.
 * @cssprop --gasless-font - Font family.
 * @cssprop --gasless-surface - Background of the dialog.
 * @cssprop --gasless-raised - Background of rows and quiet buttons.
 * @cssprop --gasless-text - Colour of text.
 * @cssprop --gasless-muted - Colour of lesser text.
 * @cssprop --gasless-line - Colour of lines.
 * @cssprop --gasless-danger - Colour of what failed.
 * @fires {StatusChangedEvent} gasless-status-changed - The status changed.
 * @fires {SignedInEvent} gasless-signed-in - A session is here: opened now, kept from before, or of another tab.
 * @fires {SignedOutEvent} gasless-signed-out - The session has ended.
 * @fires {RelayChangedEvent} gasless-relay-changed - A sponsored transaction came further.
 * @fires {RelaySettledEvent} gasless-relay-settled - A sponsored transaction has ended.
 * @fires {GaslessErrorEvent} gasless-error - Something failed, and the person was told.
 */
export class GaslessWalletElement extends LitElement implements PublicElement {
  static override properties = {
    project: { reflect: true },
    api: { reflect: true },
    network: { reflect: true },
    peraBridge: { attribute: "pera-bridge", reflect: true },
    theme: { reflect: true },
    locale: { reflect: true },
    adapters: { attribute: false },
    state: { state: true },
    strings: { state: true },
  };
  static override styles = [tokens, controls, styles];

  /** The project's publishable key, `pk_test_…` or `pk_live_…`. */
  declare project: string;
  /** Where the BFF is, without a trailing slash. */
  declare api: string;
  /** For example `solana:devnet` or `algorand:testnet`; without it, each wallet's first network of the project. */
  declare network: string | null;
  /** Where this page meets Pera Wallet: a bridge of one's own. `null`: Pera's. */
  declare peraBridge: string | null;
  /** `auto` follows the system, and changes with it. */
  declare theme: "auto" | "light" | "dark";
  /** `en`, `de`, `es` or `ar`; `auto` follows the page's language, then the browser's. */
  declare locale: string;
  /** Adapters of `@solana/wallet-adapter-base`, for wallets that do not announce themselves. */
  declare adapters: readonly PageAdapter[];

  declare private state: State;
  declare private strings: Strings | undefined;
  #core: Core | undefined;
  /** What the core was made of: a page may set properties after it has put the element in place. */
  #startedWith: readonly unknown[] = [];
  #dialog: Promise<WalletDialogElement> | undefined;

  constructor() {
    super();
    this.project = "";
    this.api = "";
    this.network = this.peraBridge = null;
    this.theme = "auto";
    this.locale = "auto";
    this.adapters = [];
    this.state = INITIAL_STATE;
    this.strings = undefined;
  }

  /** Where the person stands. `connected` is not signed in. */
  get status(): Status {
    return this.state.status;
  }

  /** Address of the session's wallet, or of the one that is connected. */
  get address(): string | null {
    return this.state.address;
  }

  get session(): Session | null {
    return this.state.session;
  }

  /** Shows the dialog: wallets to connect, or the account that is signed in. */
  open(): void {
    void this.#openDialog().then((dialog) => dialog.showMain(), this.#tellOnButton);
  }

  /** Hides the dialog; what is asked of a wallet is not waited for any more. */
  close(): void {
    void this.#dialog?.then(
      (dialog) => dialog.close(),
      () => undefined,
    );
  }

  /**
   * Has a transaction paid for: prepares it, lets the wallet sign, relays it and follows it to the end, telling the
   * person on the way. Who is not signed in is asked to first.
   * @returns the relay, `finalized`
   * @throws GaslessError with a code of the API (`docs/errors.md`) or of `WidgetErrorCode`
   */
  async sponsor(input: SponsorInput): Promise<Relay> {
    try {
      return await (await this.#openDialog()).sponsor(input);
    } catch (error) {
      this.#report(error);
      throw error;
    }
  }

  /** Ends the session, in every tab and on the server. */
  async signOut(): Promise<void> {
    await this.#core?.session.signOut();
  }

  /**
   * Headers with which the dapp's own backend knows who calls: an access token, and the proof that this browser holds
   * the key that it is bound to. Good for one call of this method and URL, made at once; a relative URL is the page's.
   * @throws GaslessError `auth.token_missing` when nobody is signed in
   */
  async authorize(method: string, url: string | URL): Promise<Record<string, string>> {
    return this.#requireCore().session.authorize(method, url);
  }

  /**
   * The access token alone, good for at least half a minute. It is bound to a key of this browser: a backend takes it
   * with the proof that `authorize` makes, and nobody else can use it.
   * @throws GaslessError `auth.token_missing` when nobody is signed in
   */
  async getAccessToken(): Promise<string> {
    return this.#requireCore().session.accessToken();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#start();
    if (!this.hasUpdated) this.#replayClick();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#core?.stop();
    this.#core = undefined;
    // A page may only have moved the element; its dialog is made anew with the next core.
    void this.#dialog?.then(
      (dialog) => dialog.remove(),
      () => undefined,
    );
    this.#dialog = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("locale")) void this.#loadStrings();
    const now = [this.project, this.api, this.network, this.adapters];
    if (now.some((value, index) => value !== this.#startedWith[index])) this.#start();
  }

  protected override render(): TemplateResult {
    const { status, address, session, error } = this.state;
    const isBusy = status === "connecting" || status === "signing-in";
    const label = this.#label();
    const warm = () => void this.#core?.challenges.prefetch().catch(() => undefined);
    return html`<button
      part="button"
      class=${session ? "quiet" : "primary"}
      aria-haspopup="dialog"
      aria-busy=${isBusy}
      aria-label=${session && address ? this.#text("button.account", shorten(address)) : label}
      title=${status === "unavailable" ? (error?.message ?? "") : ""}
      lang=${this.strings ? chooseLocale(this.locale) : "en"}
      dir=${this.strings && isRightToLeft(chooseLocale(this.locale)) ? "rtl" : "ltr"}
      @pointerenter=${session ? undefined : warm}
      @focus=${session ? undefined : warm}
      @click=${() => this.open()}
    >
      ${session && address ? avatar(address) : undefined}${session && address ? shorten(address) : label}
    </button>`;
  }

  #label(): string {
    const keys: Readonly<Record<Status, ButtonKey>> = {
      disconnected: "button.connect",
      connecting: "button.connecting",
      connected: "button.finish",
      "signing-in": "button.verifying",
      "signed-in": "button.account",
      ended: "button.again",
      unavailable: "button.unavailable",
    };
    return this.#text(keys[this.state.status]);
  }

  #text(key: ButtonKey, address = ""): string {
    return fill(this.strings?.[key as StringKey] ?? BUTTON_EN[key], { address });
  }

  /** Makes the core anew for what the attributes say now. */
  #start(): void {
    this.#startedWith = [this.project, this.api, this.network, this.adapters];
    this.#core?.stop();
    this.#core = undefined;
    this.state = INITIAL_STATE;
    if (!this.project || !this.api) {
      const missing = this.project ? "api" : "project";
      const error = new GaslessError("widget.misconfigured", `<gasless-wallet> needs the attribute ${missing}.`);
      this.state = { ...INITIAL_STATE, status: "unavailable", error };
      return;
    }
    const settings = {
      project: this.project,
      api: this.api.replace(/\/+$/, ""),
      network: this.network,
      // Whatever has its shape is spoken to as what it says it is.
      adapters: this.adapters as readonly Adapter[],
    };
    const core = createCore(settings, {
      onChange: (state, before) => this.#onChange(state, before),
      onRelay: (relay) => {
        this.dispatchEvent(new RelayChangedEvent(relay));
        if (isFinal(relay)) this.dispatchEvent(new RelaySettledEvent(relay));
      },
      onEnd: (reason) => this.dispatchEvent(new SignedOutEvent(reason)),
    });
    this.#core = core;
    void this.#dialog?.then(
      (dialog) => (dialog.core = core),
      () => undefined,
    );
    void core.session.restore();
  }

  #onChange(state: State, before: State): void {
    this.state = state;
    if (state.status !== before.status || state.address !== before.address) {
      this.dispatchEvent(new StatusChangedEvent(state.status, state.address));
    }
    if (state.session && state.session.id !== before.session?.id && state.address) {
      this.dispatchEvent(new SignedInEvent(state.address, state.session));
    }
    if (state.error && state.error !== before.error) this.dispatchEvent(new GaslessErrorEvent(state.error));
  }

  /** Without a dialog the button has to say it; the next click tries again. */
  readonly #tellOnButton = (thrown: unknown): void => {
    const error = toGaslessError(thrown);
    if (this.#core && !this.state.session) this.#core.update({ status: "unavailable", error });
    else this.#report(error);
  };

  readonly #report = (error: unknown): void => {
    this.dispatchEvent(new GaslessErrorEvent(toGaslessError(error)));
  };

  #requireCore(): Core {
    if (this.#core) return this.#core;
    throw this.state.error ?? new GaslessError("widget.misconfigured", "<gasless-wallet> is not in the page.");
  }

  /** The dialog's code comes with the first need of it. */
  async #openDialog(): Promise<WalletDialogElement> {
    this.#dialog ??= this.#makeDialog().catch((error: unknown) => {
      this.#dialog = undefined;
      throw error;
    });
    return this.#dialog;
  }

  async #makeDialog(): Promise<WalletDialogElement> {
    const core = this.#requireCore();
    if (isFramedByAnotherSite()) {
      throw new GaslessError("widget.misconfigured", "Signing in inside another site's frame is not possible.");
    }
    const { WalletDialogElement } = await loadChunk(
      "./chunks/wallet-dialog.js",
      () => import("../wallet-dialog/wallet-dialog.ts"),
    );
    const dialog = new WalletDialogElement();
    if (core.state.error?.code.startsWith("network.")) core.update({ status: "disconnected", error: null });
    dialog.core = core;
    dialog.strings = this.strings;
    dialog.locale = chooseLocale(this.locale);
    dialog.setAttribute("exportparts", "dialog");
    this.renderRoot.append(dialog);
    return dialog;
  }

  async #loadStrings(): Promise<void> {
    const locale = chooseLocale(this.locale);
    const strings = await loadStrings(locale).catch(() => undefined);
    if (locale !== chooseLocale(this.locale)) return;
    this.strings = strings;
    const dialog = await this.#dialog?.catch(() => undefined);
    if (dialog) Object.assign(dialog, { strings, locale });
  }

  /** The button inside was pressed before this code came: the browser remembers its first input. */
  #replayClick(): void {
    if (typeof PerformanceObserver === "undefined") return;
    const observer = new PerformanceObserver((list) => {
      observer.disconnect();
      const entries = list.getEntries() as PerformanceEventTiming[];
      const isOurs = ({ name, target }: PerformanceEventTiming) =>
        target !== null && target !== this && this.contains(target) && PRESSES.has(name);
      if (entries.some(isOurs)) this.open();
    });
    try {
      observer.observe({ type: "first-input", buffered: true });
    } catch {
      // A browser without it has nothing to replay.
    }
    // What is pressed from now on is the element's own button.
    setTimeout(() => observer.disconnect(), 1000);
  }
}

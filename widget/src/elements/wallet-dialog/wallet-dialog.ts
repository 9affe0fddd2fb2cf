import type { PropertyValues } from "lit";
import type { ProjectConfig, Relay } from "../../api/types.ts";
import type { Core } from "../../core.ts";
import { GaslessError, toGaslessError } from "../../errors.ts";
import { loadChunk } from "../../load-chunk.ts";
import type { SponsorInput } from "../../relay/input.ts";
import { canSignText, connectWith, proveConnected, signInWith } from "../../session/sign-in.ts";
import type { WalletOption } from "../../wallets/types.ts";
import { createTurns } from "../../turns.ts";
import { readAccount } from "./account-data.ts";
import { DialogFrame } from "./dialog-frame.ts";
import { isForDeveloper, kindOf, mayBeHardware } from "./failure.ts";
import { peraOption } from "./pera-option.ts";
import type { SponsorStep } from "../../relay/sponsor.ts";
import { type AccountData, familiesOf, type ViewContext } from "./view.ts";

const SUCCESS_SHOWN_MS = 1_200;
const CONFIRMED_SHOWN_MS = 4_000;
const CLOCK_TOLERANCE_MS = 60_000;

const loadSponsor = () => loadChunk("./chunks/sponsor.js", () => import("../../relay/sponsor.ts"));
const loadMemoSignIn = () => loadChunk("./chunks/memo-sign-in.js", () => import("../../session/memo-sign-in.ts"));

/** Makes the account that is to be proved the connected one, once more if need be; at once where it is already. */
type Connect = (signal: AbortSignal) => Promise<void> | undefined;

/** What a person may do about a sign-in that failed, or that waits for a second tap. */
interface WaysOn {
  readonly connect?: Connect;
  readonly retry: () => void;
  readonly useHardware?: (() => void) | undefined;
}

/** The dialog behind the button: one view at a time, and the flows that lead from one to the next. */
export class WalletDialogElement extends DialogFrame {
  static override properties = {
    core: { attribute: false },
    config: { state: true },
    account: { state: true },
    clockOffMinutes: { state: true },
  };

  declare core: Core;
  declare private config: ProjectConfig | undefined;
  declare private account: AccountData;
  declare private clockOffMinutes: number;

  #unsubscribe: () => void = () => undefined;
  /** One intent is put to the wallet at a time: wallets drop or stack what comes while they show something. */
  readonly #turns = createTurns();
  /** What the person has seen already. */
  readonly #told = new WeakSet<GaslessError>();
  /** What "Sign on the device" does without waiting for anything, as soon as it is made ready. */
  #proveByMemo: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Who waits for somebody to be signed in. */
  #waiters = new Set<{ resolve(): void; reject(error: GaslessError): void }>();
  /** What the person was told about the other account, so that each is asked about once. */
  #askedAbout: string | null = null;
  readonly #pera = peraOption({
    readBridge: () =>
      (this.getRootNode() as ShadowRoot & { host: HTMLElementTagNameMap["gasless-wallet"] }).host.peraBridge,
    resolveNetwork: (family) => this.core.resolveNetwork(family),
    show: (view) => this.showOwn(view),
  });

  constructor() {
    super();
    this.account = { allowance: undefined, relays: undefined };
    this.clockOffMinutes = 0;
  }

  /** Wallets to connect, or what is signed in. */
  showMain(): void {
    const { session, status, otherAddress } = this.core.state;
    if (session && otherAddress !== null && otherAddress !== this.#askedAbout) this.go({ name: "changed" });
    else if (session) this.#showAccount();
    else if (status === "connected") this.#showConnected();
    else this.#showWallets();
    void this.show();
  }

  /**
   * One promise for one intent: while the person can try again, it is not lost. Intents are put to the wallet one after
   * the other, and followed side by side.
   * @throws GaslessError
   */
  async sponsor(input: SponsorInput): Promise<Relay> {
    for (;;) {
      try {
        const followToTheEnd = await this.#turns.take(() => this.#accept(input));
        return await followToTheEnd();
      } catch (thrown) {
        const error = toGaslessError(thrown);
        // Another intent may have the dialog by now: then this one ends, and its page is told.
        const isOver = error.code === "widget.closed" || this.#told.has(error) || this.#turns.isTaken();
        if (isOver || !(await this.#offerRetry(error))) throw error;
      }
    }
  }

  /** Up to the API's word that it pays; what fails before is put to the person while it is this intent's turn. */
  async #accept(input: SponsorInput): Promise<() => Promise<Relay>> {
    for (;;) {
      try {
        if (!this.isConnected) throw new GaslessError("widget.closed", "<gasless-wallet> has left the page.");
        if (!this.core.state.session) await this.#waitForSignIn();
        const { core } = this;
        const signal = this.begin();
        core.rest();
        void this.#readConfig();
        const onStep = (at: SponsorStep): void => this.#showStep(at, signal);
        // Nothing may fail between acceptance and following but what the API says.
        const { accept, follow } = await loadSponsor();
        const accepted = await accept(core, input, signal, onStep);
        return () => follow(core, accepted, onStep);
      } catch (thrown) {
        const error = toGaslessError(thrown);
        if (error.code === "widget.closed") throw error;
        if (await this.#offerRetry(error)) continue;
        this.#told.add(error);
        throw error;
      }
    }
  }

  /** Who has looked away, or to something newer, is not brought back. */
  #showStep(at: SponsorStep, signal: AbortSignal): void {
    if (signal.aborted || (at.step === "following" && !this.isShowing("sponsor"))) return;
    const isDone = at.step === "following" && ["confirmed", "finalized"].includes(at.relay.state);
    // That the wallet added something stays to be read until the end.
    const wasAdjusted = this.view.name === "sponsor" && this.view.isAdjusted;
    const isAdjusted = at.step === "sending" ? at.hasWalletChangedIt : at.step === "following" && wasAdjusted;
    this.go({ name: "sponsor", at, isHinted: false, isAdjusted });
    if (at.step === "approving") this.hintAfterAWhile();
    if (isDone) this.later(CONFIRMED_SHOWN_MS, () => this.isShowing("sponsor") && this.close());
    void this.show();
  }

  /** Shows what failed. True when the person wants it tried again; at once false where that would not help. */
  async #offerRetry(error: GaslessError): Promise<boolean> {
    if (!this.isConnected) return false;
    const canRetry = kindOf(error).remedy === "retry";
    const decision = new Promise<boolean>((resolve) => {
      this.begin().addEventListener("abort", () => resolve(false));
      this.#showProblem(error, () => resolve(true));
    });
    void this.show();
    return canRetry && decision;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe();
    this.#giveUp();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("core") && this.hasUpdated) this.#listen();
  }

  protected override context(): ViewContext {
    const { view, language: locale } = this;
    const { restart } = view as { restart?: () => void };
    return {
      state: this.core.state,
      config: this.config,
      account: this.account,
      locale,
      families: familiesOf(this.core.settings.network, this.config),
      stage: {
        locale,
        isHinted: "isHinted" in view && view.isHinted,
        cancel: () => (view.name === "sponsor" ? this.close() : this.#showWallets()),
        restart,
      },
      api: this.core.settings.api,
      clockOffMinutes: this.clockOffMinutes,
      t: this.t,
      act: this.#act,
    };
  }

  readonly #act: ViewContext["act"] = {
    close: () => this.close(),
    choose: (option) => void this.#signIn(option),
    goBack: () => this.showMain(),
    showWallets: () => this.#showWallets(),
    switchAccount: () => void this.#switchAccount(),
    keepAccount: () => this.#showAccount(),
    // The end of the session closes what shows it.
    signOut: () => void this.core.session.signOut(),
    copyAddress: () => void this.#copyAddress(),
  };

  /** Nobody looks any more: what waits for a person ends. */
  #giveUp(): void {
    this.leave();
    const error = new GaslessError("widget.closed", "The dialog was closed before anybody signed in.");
    for (const { reject } of this.#waiters) reject(error);
    this.#waiters.clear();
  }

  protected override onClose(): void {
    this.#giveUp();
    const { status, session } = this.core.state;
    // A connection that is not proved yet stays, unless a session is older; a prompt that nobody waits for does not.
    const isUnderWay = status === "connecting" || status === "signing-in";
    if (isUnderWay || (session && status !== "signed-in")) this.core.rest();
  }

  #listen(): void {
    this.#unsubscribe();
    this.#unsubscribe = this.core.subscribe(() => this.#onCoreChange());
    this.core.offer(this.#pera);
  }

  #onCoreChange(): void {
    const { session, status, otherAddress } = this.core.state;
    this.requestUpdate();
    if (session) {
      for (const { resolve } of this.#waiters) resolve();
      this.#waiters.clear();
    }
    if (otherAddress === null) this.#askedAbout = null;
    else if (session && otherAddress !== this.#askedAbout && this.isShowing("account")) this.go({ name: "changed" });
    if (status === "signing-in" && this.isShowing("opening")) this.go({ name: "verifying" });
    if (status === "disconnected" && this.isShowing("explain")) {
      const error = new GaslessError("wallet.disconnected", "The wallet has ended the connection.");
      this.#showProblem(error, () => this.#showWallets());
    }
    // Signed out from another tab, or by the server: what is shown of the account is over.
    if (!session && (this.isShowing("account") || this.isShowing("changed"))) this.close();
  }

  async #waitForSignIn(): Promise<void> {
    const { status } = this.core.state;
    // Somebody is in the middle of it.
    if (!this.isOpen || (status !== "connecting" && status !== "signing-in")) this.showMain();
    await new Promise<void>((resolve, reject) => this.#waiters.add({ resolve, reject }));
  }

  #showWallets(): void {
    const signal = this.begin();
    this.go({ name: "wallets" });
    void this.#readConfig();
    void this.#prefetch(signal);
  }

  async #readConfig(): Promise<void> {
    this.config = await this.core.readConfig().catch(() => undefined);
  }

  async #prefetch(signal: AbortSignal): Promise<void> {
    try {
      const { challenge } = await this.core.challenges.prefetch();
      // What kept people out before does not any more.
      if (this.core.state.status === "unavailable") this.core.rest({ error: null });
      const offMs = Math.abs(Date.now() - Date.parse(challenge.fields.issuedAt));
      this.clockOffMinutes = offMs > CLOCK_TOLERANCE_MS ? Math.round(offMs / 60_000) : 0;
    } catch (error) {
      // Where there is no such network, nothing was to be had: other families' challenges are each for an address.
      const isNeeded = this.context().families.has("solana") && this.view.name === "wallets";
      if (!signal.aborted && isNeeded) this.#showProblem(toGaslessError(error), () => this.#showWallets());
    }
  }

  async #signIn(option: WalletOption): Promise<void> {
    const signal = this.begin();
    const retry = (): void => void this.#signIn(option);
    this.#showOpening(option.name, option.family ? retry : undefined);
    const connect = (flow: AbortSignal) =>
      this.core.state.status === "connected" && this.core.state.driver?.name === option.name
        ? undefined
        : connectWith(this.core, option, flow);
    await this.#finish(signal, () => signInWith(this.core, option, signal), {
      connect,
      retry,
      useHardware: option.family ? undefined : () => this.#showHardware(connect),
    });
  }

  #prove(connect?: Connect): Promise<void> {
    return this.#proveBy((signal) => proveConnected(this.core, signal), connect, {
      // A wallet that has gone is connected anew.
      retry: () => (this.core.state.driver === null ? this.#showWallets() : void this.#prove(connect)),
      useHardware: this.#hardwareWay(connect),
    });
  }

  async #proveBy(
    prove: (signal: AbortSignal) => Promise<void>,
    connect: Connect | undefined,
    ways: WaysOn,
  ): Promise<void> {
    const signal = this.begin();
    const connecting = connect?.(signal);
    this.#showOpening();
    const work = async () => {
      if (connecting) await connecting;
      return prove(signal);
    };
    await this.#finish(signal, work, ways);
  }

  /** What is going to be asked of the device, before it is asked; meanwhile it is made ready. */
  #showHardware(connect?: Connect): void {
    const signal = this.begin();
    this.go({ name: "hardware", sign: () => void this.#signOnDevice(connect) });
    this.#proveByMemo = undefined;
    const prepare = async () => {
      const { prepareMemoSignIn } = await loadMemoSignIn();
      const prove = await prepareMemoSignIn(this.core);
      if (!signal.aborted) this.#proveByMemo = prove;
    };
    // What fails here fails again at the tap, and is said then.
    void prepare().catch(() => undefined);
  }

  #signOnDevice(connect?: Connect): Promise<void> {
    const ready = this.#proveByMemo;
    const prove = async (signal: AbortSignal) =>
      (ready ?? (await (await loadMemoSignIn()).prepareMemoSignIn(this.core)))(signal);
    return this.#proveBy(prove, connect, { retry: () => void this.#signOnDevice(connect) });
  }

  #showOpening(wallet = this.core.state.walletName ?? "", restart?: () => void): void {
    this.go({ name: "opening", wallet, isHinted: false, restart });
    this.hintAfterAWhile();
  }

  /** No device of another family signs what ours does. */
  #hardwareWay(connect?: Connect): (() => void) | undefined {
    return this.core.state.driver?.family ? undefined : () => this.#showHardware(connect);
  }

  /** The second tap: to sign a text, or what takes its place where the wallet signs none. */
  #showConnected(connect?: Connect): void {
    const { driver } = this.core.state;
    if (driver && !canSignText(driver)) return this.#showHardware(connect);
    this.go({
      name: "explain",
      prove: () => void this.#prove(connect),
      useHardware: this.#hardwareWay(connect),
    });
    if (!driver?.family) void this.core.challenges.prefetch().catch(() => undefined);
  }

  async #finish(
    signal: AbortSignal,
    work: () => Promise<void>,
    { connect, retry, useHardware }: WaysOn,
  ): Promise<void> {
    try {
      await work();
      if (signal.aborted) return;
      if (this.core.state.status === "connected") return this.#showConnected(connect);
      this.go({ name: "success" });
      this.later(SUCCESS_SHOWN_MS, () => this.isShowing("success") && this.close());
    } catch (thrown) {
      const error = toGaslessError(thrown);
      if (signal.aborted) return;
      const isOver = isForDeveloper(error);
      // It is connected anew.
      if (error.code === "wallet.disconnected") this.core.update({ driver: null });
      this.core.rest({ ...(isOver && { status: "unavailable" }), error });
      this.#showProblem(error, retry, mayBeHardware(error) ? useHardware : undefined);
    }
  }

  async #switchAccount(): Promise<void> {
    const { otherAddress, driver } = this.core.state;
    if (!driver || otherAddress === null) return this.#showWallets();
    // The former session ends when the new one is there.
    return this.#prove(() => {
      this.core.update({ status: "connected", address: otherAddress, walletName: driver.name });
      return undefined;
    });
  }

  #showProblem(error: GaslessError, retry: () => void, useHardware?: () => void): void {
    const secondsLeft = kindOf(error).remedy === "retry" ? (error.retryAfterSeconds ?? 0) : 0;
    this.go({ name: "problem", error, retry, useHardware, secondsLeft });
    if (isForDeveloper(error)) this.core.update({ status: "unavailable", error });
    if (secondsLeft > 0) this.later(1000, () => this.#countDown());
  }

  #countDown(): void {
    if (this.view.name !== "problem") return;
    const secondsLeft = Math.max(0, this.view.secondsLeft - 1);
    this.view = { ...this.view, secondsLeft };
    if (secondsLeft > 0) this.later(1000, () => this.#countDown());
  }

  #showAccount(): void {
    this.#askedAbout = this.core.state.otherAddress;
    this.begin();
    this.go({ name: "account", isCopied: false });
    this.account = { allowance: undefined, relays: undefined };
    void this.#readConfig();
    void readAccount(this.core).then((account) => (this.account = account));
  }

  async #copyAddress(): Promise<void> {
    await navigator.clipboard.writeText(this.core.state.address ?? "").catch(() => undefined);
    if (this.view.name === "account") this.view = { ...this.view, isCopied: true };
  }
}

if (!customElements.get("gasless-wallet-dialog")) customElements.define("gasless-wallet-dialog", WalletDialogElement);

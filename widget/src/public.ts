import type { Relay, Session } from "./api/types.ts";
import type { GaslessEventMap } from "./events.ts";
import type { SponsorInput } from "./relay/input.ts";

/**
 * Where the widget stands. `connected` is not signed in: the wallet shows its address, and nothing is proved yet.
 * `ended` = there was a session, and the server ended it. `unavailable` = the page is not set up right.
 */
export type Status = "disconnected" | "connecting" | "connected" | "signing-in" | "signed-in" | "ended" | "unavailable";

/** What the widget needs of an adapter; those of `@solana/wallet-adapter-base` 0.9 have it. */
export interface PageAdapter {
  readonly name: string;
  readonly icon: string;
  readonly url: string;
  readonly readyState: string;
  readonly connected: boolean;
  readonly publicKey: { toBase58(): string } | null;
  connect(): Promise<void>;
  autoConnect(): Promise<void>;
  disconnect(): Promise<void>;
  // oxlint-disable-next-line typescript/no-explicit-any -- each event has arguments of its own
  on(event: any, listener: (...args: any[]) => void): unknown;
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  off(event: any, listener: (...args: any[]) => void): unknown;
}

/** `<gasless-wallet>` in a page. */
export interface GaslessWalletElement extends HTMLElement {
  /** The project's publishable key, `pk_test_…` or `pk_live_…`. */
  project: string;
  /** Where the BFF is. */
  api: string;
  /** For example `solana:devnet` or `algorand:testnet`; `null`: each wallet's first network of the project. */
  network: string | null;
  /** Where this page meets Pera Wallet: a bridge of one's own. `null`: Pera's. */
  peraBridge: string | null;
  /** `auto` follows the system, and changes with it. */
  theme: "auto" | "light" | "dark";
  /** `en`, `de`, `es` or `ar`; `auto` follows the page's language, then the browser's. */
  locale: string;
  /** Adapters for wallets that do not announce themselves by the Wallet Standard. */
  adapters: readonly PageAdapter[];
  readonly status: Status;
  /** Address of the session's wallet, or of the one that is connected. */
  readonly address: string | null;
  readonly session: Session | null;
  /** Shows the dialog: wallets to connect, or the account that is signed in. */
  open(): void;
  /** Hides the dialog; what is asked of a wallet is not waited for any more. */
  close(): void;
  /**
   * Has a transaction paid for: prepares it, lets the wallet sign, relays it and follows it to the end, telling the
   * person on the way. Who is not signed in is asked to first.
   * @returns the relay, `finalized`
   * @throws GaslessError with a code of the API (`docs/errors.md`) or of `WidgetErrorCode`
   * @example
   * ```ts
   * const relay = await wallet.sponsor([{ programAddress, accounts, data }]);
   * console.log(relay.transactionId);
   * ```
   * On Algorand it takes the transactions of one group, in their order; fee, validity and group are filled in, and the
   * sponsor's payment is put before them:
   * ```ts
   * const { transactionIds } = await wallet.sponsor([optIn, transfer]);
   * ```
   */
  sponsor(input: SponsorInput): Promise<Relay>;
  /** Ends the session, in every tab and on the server. */
  signOut(): Promise<void>;
  /**
   * Headers with which the dapp's own backend knows who calls: an access token, and the proof that this browser holds
   * the key that it is bound to. Good for one call of this method and URL, made at once; a relative URL is the page's.
   * @throws GaslessError `auth.token_missing` when nobody is signed in
   * @example
   * ```ts
   * const headers = await wallet.authorize("POST", "/api/orders");
   * await fetch("/api/orders", { method: "POST", headers });
   * ```
   */
  authorize(method: string, url: string | URL): Promise<Record<string, string>>;
  /**
   * The access token alone, good for at least half a minute. It is bound to a key of this browser: a backend takes it
   * with the proof that `authorize` makes, and nobody else can use it.
   * @throws GaslessError `auth.token_missing` when nobody is signed in
   */
  getAccessToken(): Promise<string>;
  addEventListener<Name extends keyof (GaslessEventMap & HTMLElementEventMap)>(
    type: Name,
    listener: (this: GaslessWalletElement, event: (GaslessEventMap & HTMLElementEventMap)[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

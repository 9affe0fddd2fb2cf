import type { TemplateResult } from "lit";
import type { Challenge, PreparedRelay, SignInFields } from "../api/types.ts";
import type { SponsorInput } from "../relay/input.ts";

/** What a wallet signed; `signedMessage` is what it says it signed, which may not be what it was given. */
export interface SignedMessage {
  readonly address: string;
  readonly signedMessage: Uint8Array;
  /** 64 bytes, or an envelope of signature and off-chain message, as some wallets give it. */
  readonly signature: Uint8Array;
}

/** One wallet, whatever way it came to the page: bytes in, bytes out. Rejections are the wallet's own errors. */
export interface WalletDriver {
  readonly name: string;
  /** Addresses that the wallet lets this page see; `isSilent` never prompts. */
  connect(options: ConnectOptions): Promise<readonly string[]>;
  disconnect(): Promise<void>;
  /** Connects and proves in one prompt. */
  readonly signIn?: ((fields: SignInFields) => Promise<SignedMessage>) | undefined;
  /** An off-chain message of version 1, which the wallet puts around the text; `signedMessage` is the whole of it. */
  readonly signOffchainMessage?: ((address: string, text: string) => Promise<SignedMessage>) | undefined;
  readonly signMessage?: ((address: string, message: Uint8Array) => Promise<SignedMessage>) | undefined;
  /** Wire bytes of a transaction in, wire bytes with this wallet's signature out. */
  signTransaction(address: string, transaction: Uint8Array): Promise<Uint8Array>;
  /** Tells which addresses are visible from now on; gives how to stop. */
  onAccountsChanged(listener: (addresses: readonly string[]) => void): () => void;
  /** What another family of networks than Solana does its own way. */
  readonly family?: WalletFamily | undefined;
}

interface ConnectOptions {
  readonly isSilent: boolean;
  /** Aborted when nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined;
}

/** The ways of a family of networks, and of the wallets that speak to it. */
export interface WalletFamily {
  /** What the names of its networks begin with. */
  readonly name: string;
  /** How to prove an address, the best way first. */
  readonly ways: readonly SignInWay[];
  /** How long connecting may take a person. */
  readonly connectTimeoutMs: number;
  /** True where a request shows on another device: then the next one needs no tap here. */
  readonly isElsewhere: boolean;
  /** Which of several accounts a person wants to sign in with. */
  choose(addresses: readonly string[], signal: AbortSignal): Promise<string>;
  /** @throws request.invalid */
  plan(input: SponsorInput): RelayPlan;
  readonly views: WalletViews;
}

export interface SignInWay {
  readonly method: string;
  /** Proves an address with a challenge that was asked for it and this method; base64. @throws auth.challenge_invalid */
  sign(address: string, challenge: Challenge): Promise<Readonly<Record<string, string>>>;
}

/** What is to be signed for one intent. */
export interface RelayPlan {
  /** What the API is asked to prepare it with, beside the network. */
  readonly request: object;
  /** Has it signed; gives what the API takes, beside the network. @throws when it is not what was asked for */
  sign(prepared: PreparedRelay, signer: string): Promise<SignedRelay>;
}

interface SignedRelay {
  readonly body: object;
  readonly hasWalletChangedIt: boolean;
}

/** What a wallet says in words and drawings of its own. */
interface WalletViews {
  /** Beside "Approve the request". */
  hint(stage: Stage): TemplateResult;
  /** In the sheet of the account that is signed in; undefined when there is nothing to say. */
  note(stage: Stage): TemplateResult | undefined;
}

/** A view of the wallet's own, for the time in which it waits for a person. */
export type OwnView = (stage: Stage) => { readonly title: string; readonly content: TemplateResult };

/** What such a view may know, and set off. */
export interface Stage {
  readonly locale: string;
  /** True when a person has waited for a while. */
  readonly isHinted: boolean;
  cancel(): void;
  /** Connects anew, as from the list of wallets; there while a person signs in. */
  readonly restart?: (() => void) | undefined;
}

/** A row of the list of wallets. */
export interface WalletOption {
  readonly name: string;
  /** A data: URI. */
  readonly icon: string;
  readonly isInstalled: boolean;
  /** Where to get it. */
  readonly url?: string | undefined;
  /** What the names of its networks begin with; `solana` when absent. */
  readonly family?: string | undefined;
  /** The driver; at once for what the page already has, so that nothing stands between a tap and its wallet. */
  open(): WalletDriver | Promise<WalletDriver>;
}

import type { SignInFields } from "../api/types.ts";

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
  connect(options: { readonly isSilent: boolean }): Promise<readonly string[]>;
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
}

/** A row of the list of wallets. */
export interface WalletOption {
  readonly name: string;
  /** A data: URI. */
  readonly icon: string;
  readonly isInstalled: boolean;
  /** Where to get it. */
  readonly url?: string | undefined;
  /** The driver; at once for what the page already has, so that nothing stands between a tap and its wallet. */
  open(): WalletDriver | Promise<WalletDriver>;
}

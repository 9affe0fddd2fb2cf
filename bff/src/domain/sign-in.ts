import type { SignInFields } from "../contract/challenges.ts";
import type { SignInMethod } from "../contract/values.ts";

/** How a family of networks signs in. */
export interface SignInFamily {
  readonly methods: readonly SignInMethod[];
  /** Whose account the text speaks of. */
  readonly accountOf: string;
  /** The network as the text names it. */
  readonly chainId: string;
  /** What an address must be, for whoever sent another one. */
  readonly addressForm: string;
}

/** What a proof must be of. */
export interface SignInChallenge {
  readonly method: SignInMethod;
  readonly challengeId: string;
  /** The exact text, with the address in it. */
  readonly text: string;
  /** What the text is made of. */
  readonly fields: SignInFields;
}

/** What a wallet gave; nothing of it has been looked at. */
export interface SignInProof {
  readonly address: string;
  readonly signature: Uint8Array;
  readonly signedMessage: Uint8Array | undefined;
  /** The address whose key has signed, as the wallet says. */
  readonly publicKey: string | undefined;
  readonly transaction: Uint8Array | undefined;
}

/** `unsupported`: the wallet cannot sign in with what it has, such as several keys. */
export type SignInVerdict = "proven" | "unproven" | "unsupported";

/** What is signed instead of the text, by the names of the wire. */
export type SignInPayload = Readonly<Record<string, Uint8Array>>;

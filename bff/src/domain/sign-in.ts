import type { SignInMethod } from "../contract/values.ts";

/** What a proof must be of. */
export interface SignInChallenge {
  readonly method: SignInMethod;
  readonly challengeId: string;
  /** The exact text, with the address in it. */
  readonly text: string;
  /** Host, and port where it has one, of the page's origin. */
  readonly domain: string;
}

/** What a wallet gave; nothing of it has been looked at. */
export interface SignInProof {
  readonly address: string;
  readonly signature: Uint8Array;
  readonly signedMessage: Uint8Array | undefined;
  readonly transaction: Uint8Array | undefined;
}

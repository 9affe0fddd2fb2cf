/** The part of the `<gasless-wallet>` element that this page uses. */
export interface GaslessWallet extends HTMLElement {
  readonly status: string;
  readonly address: string | null;
  readonly session: { readonly network: string } | null;
  open(): void;
  /** Has it signed, sent and paid for by the sponsor; resolves when it is finalized. */
  sponsor(input: readonly Sponsorable[]): Promise<Relay>;
}

/** An instruction of Solana, or a transaction of Algorand. */
export type Sponsorable = Instruction | { toByte(): Uint8Array };

export interface Instruction {
  readonly programAddress: string;
  readonly accounts: readonly { readonly address: string; readonly role: number }[];
  readonly data: Uint8Array;
}

export interface Relay {
  readonly id: string;
  readonly state: string;
  /** On Solana. */
  readonly transactionId?: string;
  /** On Algorand, with the ids of all that is in the group. */
  readonly groupId?: string;
  readonly transactionIds?: readonly string[];
}

export interface RelayChanged extends Event {
  readonly relay: Relay;
}

export const STATUS_EVENTS = ["gasless-status-changed", "gasless-signed-in", "gasless-signed-out"] as const;

/** The page's own element; its script may not have run yet. */
export function findWallet(): GaslessWallet {
  const element = document.querySelector<GaslessWallet>("gasless-wallet");
  if (element === null) throw new Error("the page has no <gasless-wallet>");
  return element;
}

/** Resolves when the element can be used. */
export async function untilReady(): Promise<void> {
  await customElements.whenDefined("gasless-wallet");
}

/** Whose wallet is signed in on the network, if any. */
export function signedInAddress({ status, address, session }: GaslessWallet, network: string): string | undefined {
  return status === "signed-in" && address !== null && session?.network === network ? address : undefined;
}

import type { GaslessEventMap } from "./events.ts";
import type { GaslessWalletElement } from "./public.ts";

export type * from "./api/types.ts";
export type { GaslessError, WidgetErrorCode } from "./errors.ts";
export type * from "./events.ts";
export type { AlgorandTransaction, SponsorInput, Web3Instruction } from "./relay/input.ts";
export type { Instruction } from "./relay/message.ts";
export type { GaslessWalletElement, PageAdapter, Status } from "./public.ts";

declare global {
  interface HTMLElementTagNameMap {
    "gasless-wallet": GaslessWalletElement;
  }
  interface HTMLElementEventMap extends GaslessEventMap {}
}

/**
 * Defines `<gasless-wallet>` and gives its class; `null` where there is no page, as on a server.
 * @example
 * ```ts
 * await load();
 * const wallet = document.querySelector("gasless-wallet");
 * ```
 */
export async function load(): Promise<(new () => GaslessWalletElement) | null> {
  if (typeof customElements === "undefined") return null;
  return (await import("./gasless-wallet.ts")).GaslessWalletElement;
}

import type { GaslessWallet } from "../gasless-wallet.ts";
import { createPage, type Page } from "../page.ts";
import type { Steps } from "../steps.ts";
import type { Algod } from "./algod.ts";
import type { AlgorandConfig } from "./config.ts";
import { showReceipt } from "./receipt.ts";

/** A page whose chain is Algorand. */
export interface AlgorandPage extends Page {
  readonly config: AlgorandConfig;
  readonly algod: Algod;
  readonly steps: Steps<"accept" | "stamps" | "send">;
}

export function createAlgorandPage(
  wallet: GaslessWallet,
  { config, algod, steps }: Pick<AlgorandPage, "config" | "algod" | "steps">,
): AlgorandPage {
  const page = createPage({
    wallet,
    network: config.network,
    steps,
    invitation: "First connect Pera. The demo phone stands in for one.",
    showReceipt: (purchase) => showReceipt(algod, purchase),
    // A block of Algorand is final: the receipt says so from the start.
    markFinalized: () => undefined,
  });
  return { ...page, config, algod, steps };
}

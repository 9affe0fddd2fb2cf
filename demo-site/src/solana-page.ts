import type { DemoConfig } from "./config.ts";
import type { GaslessWallet } from "./gasless-wallet.ts";
import { createPage, type Page } from "./page.ts";
import { markFinalized, showReceipt } from "./receipt.ts";
import type { Chain } from "./rpc.ts";
import type { Steps } from "./steps.ts";

/** A page whose chain is Solana. */
export interface SolanaPage extends Page {
  readonly config: DemoConfig;
  readonly chain: Chain;
  readonly steps: Steps<"sign" | "tokens" | "send">;
}

export function createSolanaPage(
  wallet: GaslessWallet,
  { config, chain, steps }: Pick<SolanaPage, "config" | "chain" | "steps">,
): SolanaPage {
  const page = createPage({
    wallet,
    network: config.network,
    steps,
    invitation: "First connect a wallet. The Demo Wallet is there for you.",
    showReceipt: (purchase) => showReceipt(chain, purchase),
    markFinalized,
  });
  return { ...page, config, chain, steps };
}

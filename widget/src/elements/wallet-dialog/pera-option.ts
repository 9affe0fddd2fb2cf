import { html, svg } from "lit";
import { loadChunk } from "../../load-chunk.ts";
import type { OwnView, WalletOption } from "../../wallets/types.ts";

/** Drawn here: the row stands in the list before anything of Pera's is loaded. */
const ICON =
  'data:image/svg+xml,<svg viewBox="0 0 8 8"><path d="M0 0h8v8H0z" fill="#fe5"/><path d="M3 6V2h1a1 1 0 0 1 0 2H3" fill="none" stroke="#000"/></svg>';

interface PeraHost {
  readBridge(): string | null;
  resolveNetwork(family: string): Promise<string>;
  show(view: OwnView | undefined): void;
}

/** Pera Wallet, on a phone. What speaks to it is loaded when somebody chooses it. */
export const peraOption = ({ readBridge, resolveNetwork, show }: PeraHost): WalletOption => ({
  name: "Pera Wallet",
  icon: ICON,
  isInstalled: true,
  family: "algorand",
  async open() {
    const { openPera } = await loadChunk("./chunks/pera.js", () => import("../../wallets/algorand/pera.ts"));
    const resolve = () => resolveNetwork("algorand");
    return openPera({ bridge: readBridge(), kit: { html, svg }, resolveNetwork: resolve, show });
  },
});

import { getWallets } from "@wallet-standard/app";
import type { Adapter, WalletReadyState } from "@solana/wallet-adapter-base";
import { loadChunk } from "../load-chunk.ts";
import { isUsable, openStandardWallet } from "./standard.ts";
import type { WalletDriver, WalletOption } from "./types.ts";

const NOT_HERE: ReadonlySet<`${WalletReadyState}`> = new Set(["NotDetected", "Unsupported"]);

/** Every wallet that has announced itself by now; `onChange` is told of those that come late. */
export function watchWallets(onChange: () => void): {
  list(readNetwork: () => string | null): WalletOption[];
  stop(): void;
} {
  const { get, on } = getWallets();
  const stops = [on("register", onChange), on("unregister", onChange)];
  // A driver is kept: two of one wallet would both hear its accounts change.
  const drivers = new WeakMap<object, WalletDriver>();
  return {
    list: (readNetwork) =>
      get()
        .filter(isUsable)
        .map((wallet) => ({
          name: wallet.name,
          icon: wallet.icon,
          isInstalled: true,
          open() {
            const driver = drivers.get(wallet) ?? openStandardWallet(wallet, readNetwork);
            drivers.set(wallet, driver);
            return driver;
          },
        })),
    stop: () => stops.forEach((stop) => stop()),
  };
}

/** The adapters that a page brings along. Their driver, and the library they speak in, come when one is chosen. */
export function listAdapters(adapters: readonly Adapter[]): WalletOption[] {
  return adapters.map((adapter) => ({
    name: adapter.name,
    icon: adapter.icon,
    isInstalled: !NOT_HERE.has(adapter.readyState),
    url: adapter.url,
    open: async () => (await loadChunk("./chunks/adapter.js", () => import("./adapter.ts"))).openAdapter(adapter),
  }));
}

/** A wallet that announces itself is better than an adapter of the same name. */
export function withoutDoubles(options: readonly WalletOption[]): WalletOption[] {
  return [...new Map(options.toReversed().map((option) => [option.name, option])).values()].toReversed();
}

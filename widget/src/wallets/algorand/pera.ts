import type { WalletDriver } from "../types.ts";
import { createPeraDriver, type PeraSettings } from "./driver.ts";

/** Who opened it last; a page may take its element out and put another one in. */
let current: PeraSettings | undefined;
let driver: WalletDriver | undefined;

/** Pera Wallet for this page: one phone, whichever element asks. A chunk of its own, which imports nothing of the widget's. */
export function openPera(settings: PeraSettings): WalletDriver {
  current = settings;
  const resolveNetwork = () => (current ?? settings).resolveNetwork();
  driver ??= createPeraDriver({ ...settings, resolveNetwork, show: (view) => current?.show(view) });
  return driver;
}

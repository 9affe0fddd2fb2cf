import type { WalletDriver } from "./types.ts";

const SILENCE_MS = 3_000;

/** What a wallet shows without a prompt; nothing when it cannot, and nothing when it does not answer. */
export function connectSilently(driver: WalletDriver): Promise<readonly string[]> {
  return Promise.race([
    driver.connect({ isSilent: true }).catch(() => []),
    new Promise<readonly string[]>((resolve) => setTimeout(() => resolve([]), SILENCE_MS)),
  ]);
}

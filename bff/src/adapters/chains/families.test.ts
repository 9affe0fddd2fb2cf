import { expect, test } from "vitest";
import { walletSourcesOf } from "./families.ts";

test("a page reaches bridges of wallets on phones only for networks that have such wallets", () => {
  expect(walletSourcesOf(["solana:devnet", "solana:mainnet"], undefined)).toEqual([]);
  const pera = ["https://wc.perawallet.app", "wss://*.perawallet.app"];
  expect(walletSourcesOf(["solana:devnet", "algorand:testnet", "algorand:mainnet"], undefined)).toEqual(pera);
});

test("with a bridge of one's own, a page reaches that one alone", () => {
  const sourcesAt = (bridge: string) => walletSourcesOf(["algorand:localnet"], new URL(bridge));
  expect(sourcesAt("https://bridge.example/pera; script-src *")).toEqual(["wss://bridge.example"]);
  expect(sourcesAt("http://127.0.0.1:8808")).toEqual(["ws://127.0.0.1:8808"]);
});
